import type { VendorOrigins } from '../../../src/security/csp.ts';

/**
 * As much of Stripe.js as the page has to do with, on an origin of its own as Stripe's is. `window.stripe` keeps what it
 * was called with; a test sets `answer`, which confirmPayment gives, or throws when it is an Error (without one it never
 * comes back), `broken` (the form cannot be drawn), `silent` (it never says so) and its `height`.
 */
const SCRIPT = `
  window.stripe = { calls: [], ...window.stripe };
  window.Stripe = (key, options) => {
    stripe.calls.push(['Stripe', key, options]);
    return {
      elements(given) {
        stripe.calls.push(['elements', given.clientSecret]);
        stripe.appearance = given.appearance;
        const handlers = {};
        return {
          create(type) {
            stripe.calls.push(['create', type]);
            return {
              on(name, handler) { handlers[name] = handler; },
              mount(place) {
                const frame = document.createElement('iframe');
                frame.src = ORIGIN + '/frame';
                frame.title = 'Secure payment input frame';
                frame.style.cssText = 'display:block;width:100%;border:0;color-scheme:normal !important';
                frame.style.height = (stripe.height ?? 260) + 'px';
                frame.onload = () => stripe.silent || handlers[stripe.broken ? 'loaderror' : 'ready']?.({});
                place.append(frame);
              },
            };
          },
        };
      },
      async confirmPayment({ confirmParams }) {
        stripe.calls.push(['confirmPayment', confirmParams.return_url]);
        if (stripe.answer instanceof Error) throw stripe.answer;
        return stripe.answer ?? new Promise(() => {});
      },
    };
  };
`;

/** Draws nothing behind its field, as Stripe's frames do. */
const FRAME = `<!doctype html><html lang="en"><title>Secure payment input frame</title>
  <main><h1>Card</h1><label>Card number <input></label></main>`;

const JS = { 'content-type': 'text/javascript; charset=utf-8' };

/** `held`: the script comes when the state is another; `down`: it does not; `empty`: it comes and is of no use. */
type State = 'up' | 'held' | 'down' | 'empty';

export function startStripe() {
  let state: State = 'up';
  let release = () => {};
  let held = Promise.resolve();
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request): Promise<Response> {
      const { origin } = new URL(request.url);
      if (new URL(request.url).pathname === '/frame') {
        return new Response(FRAME, { headers: { 'content-type': 'text/html; charset=utf-8' } });
      }
      await held;
      if (state === 'down') return new Response('', { status: 503 });
      return new Response(state === 'up' ? SCRIPT.replace('ORIGIN', JSON.stringify(origin)) : '', { headers: JS });
    },
  });
  const origin: string = `http://127.0.0.1:${server.port}`;
  const origins: VendorOrigins = { script: [origin], frame: [origin], connect: [origin] };
  return {
    origin,
    origins,
    turn(next: State): void {
      state = next;
      release();
      if (next !== 'held') return;
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    stop: () => server.stop(true),
  };
}
