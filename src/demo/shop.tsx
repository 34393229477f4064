import { renderToString } from 'preact-render-to-string';
import { Webhook } from 'standardwebhooks';

/**
 * A shop small enough to read in a few minutes: it sells one thing by every way to pay, takes PayCore's notifications,
 * checks their signature with the Standard Webhooks library as an integrator would, and shows what came.
 */
export interface Shop {
  fetch(request: Request): Promise<Response>;
}

/** A way to pay, as the shop offers it. */
export interface Way {
  /** Behind `/api/paycore/pay/`. */
  readonly route: string;
  readonly gateway: string;
  readonly title: string;
  readonly amount: number;
  readonly currency: string;
}

/** Makes a payment by the API; answers where the payer goes on, or why not. */
export type Buy = (way: Way) => Promise<{ readonly url: string } | { readonly problem: string }>;

interface Notification {
  readonly at: string;
  readonly webhook_id: string;
  readonly verified: boolean;
  readonly event: string;
  readonly payment_no: string;
  readonly merchant_order_no: string;
  readonly status: string;
  readonly amount_decimal: string;
  readonly currency: string;
}

const MAX_KEPT = 200;
const MAX_BODY = 256 * 1024;

export function createShop(options: {
  readonly secret: string;
  readonly now: () => number;
  readonly css: string;
  readonly ways: readonly Way[];
  readonly buy: Buy;
}): Shop {
  const webhook = new Webhook(options.secret);
  const kept: Notification[] = [];

  const receive = async (request: Request): Promise<Response> => {
    const body = await request.text();
    if (body.length > MAX_BODY) return new Response(null, { status: 413 });
    const verified = verify(webhook, body, request.headers);
    kept.unshift({
      ...summarise(body),
      webhook_id: request.headers.get('webhook-id') ?? '',
      verified,
      at: new Date(options.now()).toISOString(),
    });
    kept.length = Math.min(kept.length, MAX_KEPT);
    return new Response(null, { status: verified ? 204 : 400 });
  };

  const sell = async (request: Request): Promise<Response> => {
    const route = new URLSearchParams(await request.text()).get('route');
    const way = options.ways.find((one) => one.route === route);
    if (!way) return new Response('Not found', { status: 404 });
    const bought = await options.buy(way);
    if ('url' in bought) return new Response(null, { status: 303, headers: { location: bought.url } });
    return new Response(bought.problem, { status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  };

  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === 'POST' && pathname === '/payok') return receive(request);
      if (request.method === 'POST' && pathname === '/buy') return sell(request);
      if (pathname === '/notifications') return Response.json(kept);
      if (pathname === '/shop.css')
        return new Response(options.css, { headers: { 'content-type': 'text/css; charset=utf-8' } });
      // Browsers ask for it on their own; 404 would be an error on their console.
      if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
      if (pathname === '/' || pathname === '/thanks') return showPage(options.ways, kept, pathname === '/thanks');
      return new Response('Not found', { status: 404 });
    },
  };
}

function verify(webhook: Webhook, body: string, headers: Headers): boolean {
  try {
    webhook.verify(body, {
      'webhook-id': headers.get('webhook-id') ?? '',
      'webhook-timestamp': headers.get('webhook-timestamp') ?? '',
      'webhook-signature': headers.get('webhook-signature') ?? '',
    });
    return true;
  } catch {
    return false;
  }
}

function summarise(body: string): Omit<Notification, 'at' | 'webhook_id' | 'verified'> {
  let fields: Record<string, unknown> = {};
  try {
    fields = JSON.parse(body);
  } catch {
    // Shown as an empty row: a shop sees what came, whatever it was.
  }
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    event: text('event'),
    payment_no: text('payment_no'),
    merchant_order_no: text('merchant_order_no'),
    status: text('status'),
    amount_decimal: text('amount_decimal'),
    currency: text('currency'),
  };
}

function showPage(ways: readonly Way[], kept: readonly Notification[], thanks: boolean): Response {
  const html = renderToString(<Page ways={ways} kept={kept} thanks={thanks} />);
  return new Response(`<!doctype html>${html}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'self'",
    },
  });
}

function Ways({ ways }: { ways: readonly Way[] }) {
  const gateways = [...new Set(ways.map((way) => way.gateway))];
  return (
    <section class="ways">
      <h2>Buy half a pound of coffee</h2>
      {gateways.map((gateway) => (
        <form method="post" action="/buy" key={gateway}>
          <h3>{gateway}</h3>
          {ways
            .filter((way) => way.gateway === gateway)
            .map((way) => (
              <button type="submit" name="route" value={way.route} key={way.route}>
                {way.title}
              </button>
            ))}
        </form>
      ))}
    </section>
  );
}

function Page(props: { ways: readonly Way[]; kept: readonly Notification[]; thanks: boolean }) {
  const { ways, kept, thanks } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="2" />
        <title>Demo shop</title>
        <link rel="stylesheet" href="/shop.css" />
      </head>
      <body>
        <main>
          <h1>Demo shop</h1>
          {thanks ? <p class="thanks">Thank you. Your order is paid.</p> : null}
          <Ways ways={ways} />
          <p class="lead">
            Notifications from PayCore, newest first. Each signature is checked with the Standard Webhooks library.
          </p>
          {kept.length === 0 ? <p class="empty">None yet. Pay something in the simulator.</p> : null}
          <ul>
            {kept.map((one) => (
              <li data-verified={String(one.verified)} data-payment-no={one.payment_no}>
                <div class="line">
                  <strong>{one.event}</strong>
                  <span class={one.verified ? 'good' : 'bad'}>
                    {one.verified ? 'signature verified' : 'signature wrong'}
                  </span>
                </div>
                <div class="line">
                  <span>{one.merchant_order_no}</span>
                  <span class="number">
                    {one.currency} {one.amount_decimal}
                  </span>
                </div>
                <div class="quiet">
                  {one.payment_no} · {one.status} · {one.at}
                </div>
              </li>
            ))}
          </ul>
        </main>
      </body>
    </html>
  );
}
