import { createHmac } from 'node:crypto';
import { type StandIn, startStandIn } from '../standin.ts';

/** Example Pay in small: it keeps orders of one shop and answers as its driver expects it to. */
export const SHOP = { shop: 'teashop', secret: 'k3vQx8Zp2mLr7TnW' } as const;

interface Order {
  readonly id: string;
  readonly order: string;
  readonly amount: number;
  readonly url: string;
  readonly state: 'open' | 'paid';
}

export interface ExampleStandIn {
  readonly server: StandIn;
  /** The payer has paid; nobody is told. */
  pay(order: string): void;
}

export function startExample(): ExampleStandIn {
  const orders = new Map<string, Order>();
  const server = startStandIn(async (request) => {
    const form = new URLSearchParams(await request.text());
    const order = form.get('order') ?? '';
    if (request.headers.get('authorization') !== `Bearer ${SHOP.secret}` || form.get('shop') !== SHOP.shop) {
      return Response.json({ code: 'shop', message: 'Unknown shop.' }, { status: 422 });
    }
    const known = orders.get(order);
    if (new URL(request.url).pathname === '/v1/orders/query') {
      return known ? Response.json(known) : Response.json({ code: 'unknown' }, { status: 404 });
    }
    if (known) return Response.json({ code: 'order', message: 'There is such an order.' }, { status: 422 });
    const id = `EX${orders.size + 1}`;
    const made = {
      id,
      order,
      amount: Number(form.get('amount')),
      url: `${server.url}/o/${id}`,
      state: 'open',
    } as const;
    orders.set(order, made);
    return Response.json(made);
  });
  return {
    server,
    pay(order) {
      const known = orders.get(order);
      if (known) orders.set(order, { ...known, state: 'paid' });
    },
  };
}

/** As Example Pay signs its notices. */
export function signNotice(body: string | Uint8Array, secret: string = SHOP.secret): Readonly<Record<string, string>> {
  return { 'x-example-signature': createHmac('sha256', secret).update(body).digest('hex') };
}
