import { Webhook } from 'standardwebhooks';
import { type News, type Notification, showPage } from './page.tsx';
import { CHECKOUT, type Way } from './ways.ts';

/**
 * A shop small enough to read in a few minutes: it sells one thing, by PayCore's own page or straight by each way to pay,
 * takes PayCore's notifications, checks their signature with the Standard Webhooks library as an integrator would, and
 * shows what came.
 */
export interface Shop {
  fetch(request: Request): Promise<Response>;
}

/** What the shop keeps of an order. */
export interface Bought {
  readonly payment_no: string;
  readonly merchant_order_no: string;
  /** Where the payer goes on. */
  readonly payment_url: string;
}

/** Makes a payment by the API; answers what was made, or why not. */
export type Buy = (way: Way) => Promise<Bought | { readonly problem: string }>;

const MAX_KEPT = 200;
const MAX_BODY = 256 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

export function createShop(options: {
  readonly secret: string;
  readonly now: () => number;
  /** What its pages load, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly ways: readonly Way[];
  readonly buy: Buy;
}): Shop {
  const webhook = new Webhook(options.secret);
  const kept: Notification[] = [];
  const orders: Bought[] = [];

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
    const way = [CHECKOUT, ...options.ways].find((one) => one.route === route);
    if (!way) return new Response('Not found', { status: 404 });
    const bought = await options.buy(way);
    if ('problem' in bought) {
      return new Response(bought.problem, { status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    }
    orders.unshift(bought);
    orders.length = Math.min(orders.length, MAX_KEPT);
    return new Response(null, { status: 303, headers: { location: bought.payment_url } });
  };

  return {
    async fetch(request) {
      // The runtime makes the address of the Host header, whatever stands there.
      if (!URL.canParse(request.url)) return new Response('Bad request', { status: 400 });
      const { pathname, searchParams } = new URL(request.url);
      if (request.method === 'POST' && pathname === '/payok') return receive(request);
      if (request.method === 'POST' && pathname === '/buy') return sell(request);
      if (pathname === '/notifications') return Response.json(kept);
      if (Object.hasOwn(options.files, pathname)) return showFile(pathname, options.files[pathname] ?? '');
      // Browsers ask for it on their own; 404 would be an error on their console.
      if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
      if (pathname !== '/' && pathname !== '/thanks') return new Response('Not found', { status: 404 });
      return showPage(options.ways, kept, readNews(kept, orders, searchParams));
    },
  };
}

function showFile(path: string, text: string): Response {
  const type = TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream';
  return new Response(text, { headers: { 'content-type': type } });
}

/**
 * How it stands with the order of a payer who comes back. What the address says proves nothing: a payer can type it. A
 * signed notification does.
 */
function readNews(kept: readonly Notification[], orders: readonly Bought[], query: URLSearchParams): News | null {
  const paymentNo = query.get('payment_no');
  if (paymentNo === null) return null;
  const isPaid = kept.some((one) => one.verified && one.status === 'paid' && one.payment_no === paymentNo);
  const order = orders.find((one) => one.payment_no === paymentNo);
  const unheard = query.get('status') === 'paid' ? 'unheard' : 'unpaid';
  return {
    arrival: isPaid ? 'paid' : unheard,
    paymentNo,
    orderNo: order?.merchant_order_no ?? null,
    paymentUrl: query.get('status') === 'pending' ? (order?.payment_url ?? null) : null,
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
