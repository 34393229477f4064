import { Webhook } from 'standardwebhooks';
import { type Arrival, type Notification, showPage } from './page.tsx';
import type { Way } from './ways.ts';

/**
 * A shop small enough to read in a few minutes: it sells one thing by every way to pay, takes PayCore's notifications,
 * checks their signature with the Standard Webhooks library as an integrator would, and shows what came.
 */
export interface Shop {
  fetch(request: Request): Promise<Response>;
}

/** Makes a payment by the API; answers where the payer goes on, or why not. */
export type Buy = (way: Way) => Promise<{ readonly url: string } | { readonly problem: string }>;

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
      // The runtime makes the address of the Host header, whatever stands there.
      if (!URL.canParse(request.url)) return new Response('Bad request', { status: 400 });
      const { pathname, searchParams } = new URL(request.url);
      if (request.method === 'POST' && pathname === '/payok') return receive(request);
      if (request.method === 'POST' && pathname === '/buy') return sell(request);
      if (pathname === '/notifications') return Response.json(kept);
      if (pathname === '/shop.css')
        return new Response(options.css, { headers: { 'content-type': 'text/css; charset=utf-8' } });
      // Browsers ask for it on their own; 404 would be an error on their console.
      if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
      if (pathname === '/') return showPage(options.ways, kept, null);
      if (pathname === '/thanks') return showPage(options.ways, kept, readArrival(kept, searchParams));
      return new Response('Not found', { status: 404 });
    },
  };
}

/** What the address says proves nothing: a payer can type it. A signed notification does. */
function readArrival(kept: readonly Notification[], query: URLSearchParams): Arrival {
  const isPaid = kept.some(
    (one) => one.verified && one.status === 'paid' && one.payment_no === query.get('payment_no'),
  );
  if (isPaid) return 'paid';
  return query.get('status') === 'paid' ? 'unheard' : 'unpaid';
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
