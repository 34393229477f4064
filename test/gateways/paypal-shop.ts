import { expect } from 'bun:test';
import type { Answer, TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { OURS, WEBHOOK_ID } from './paypal-callbacks.ts';

/** A shop that sells by PayPal, its payer, and the simulator's books. */
export const CREDENTIALS = { ...OURS, webhook_id: WEBHOOK_ID, environment: 'sandbox' } as const;

export interface Sold {
  readonly no: string;
  /** Ours at PayPal. */
  readonly orderNo: string;
  /** PayPal's. */
  readonly tradeNo: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function createShop(app: TestApp) {
  const shop = {
    create: (body: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      app.create('paypal/checkout', { gateway_credentials: CREDENTIALS, ...body }, headers),
    /** A payment that stands. */
    async sell(body: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Sold> {
      const { status, text, json } = await shop.create(body, headers);
      expect({ status, text }).toMatchObject({ status: 201 });
      const { payment_no, gateway_order_no, gateway_trade_no } = json.data;
      return {
        no: String(payment_no),
        orderNo: String(gateway_order_no),
        tradeNo: String(gateway_trade_no),
        data: json.data,
      };
    },
    find: async (no: string) => app.find(no),
    sync: (no: string) => app.call(`/api/paycore/payments/${no}/sync`, {}),
    /** The payer presses "pay" at PayPal, which tells nobody. */
    approve: (tradeNo: string) => app.simulate(tradeNo, 'approve', { callback: false }),
    /** How PayPal takes the next capture, of which it tells nobody either. */
    arrange: (tradeNo: string, outcome: string, more: object = {}) =>
      app.simulate(tradeNo, 'outcome', { outcome, callback: false, ...more }),
    /** The address that PayPal was given for the payer's way back. */
    wayBack(tradeNo: string, which: 'return_url' | 'cancel_url' = 'return_url'): string {
      const made = present(shop.calls('/v2/checkout/orders').at(-1));
      const address = new URL(JSON.parse(made.body).payment_source.paypal.experience_context[which]);
      return `${address.pathname}${address.search}&token=${tradeNo}${which === 'return_url' ? '&PayerID=SMULATR2PAYER' : ''}`;
    },
    /** The page that the payer finds on coming back. */
    async handleReturn(path: string): Promise<{ status: number; text: string; notice: string | undefined }> {
      const response = await app.request(path);
      const text = await response.text();
      return { status: response.status, text, notice: /data-notice="(\w+)"/.exec(text)?.[1] };
    },
    /** The payer presses the button of our page. */
    async go(sold: Pick<Sold, 'data'>): Promise<Response> {
      const page = new URL(String(sold.data.payment_url));
      return app.request(`${page.pathname}/go${page.search}`, { method: 'POST' });
    },
    calls: (path: string) => app.gateway.received.filter((request) => request.path === path),
    captures: (tradeNo: string) => shop.calls(`/v2/checkout/orders/${tradeNo}/capture`),
    /** Orders of ours at PayPal. */
    async orders(): Promise<readonly string[]> {
      const response = await fetch(`${app.gateway.url}/simulator/orders?gateway=paypal&limit=500`);
      const { orders } = (await response.json()) as { orders: readonly { trade_no?: string }[] };
      return orders.map(({ trade_no = '' }) => trade_no);
    },
    async order(tradeNo: string): Promise<Readonly<Record<string, unknown>>> {
      const response = await fetch(`${app.gateway.url}/simulator/orders/${tradeNo}`);
      return (await response.json()) as Record<string, unknown>;
    },
    async stats(): Promise<Readonly<Record<string, number>>> {
      const response = await fetch(`${app.gateway.url}/simulator/paypal/stats?client_id=${OURS.client_id}`);
      return (await response.json()) as Record<string, number>;
    },
    async breakPaypal(route: string, kind: string, more: object = {}): Promise<void> {
      const response = await fetch(`${app.gateway.url}/simulator/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ route: `paypal-${route}`, kind, times: 1, seconds: 30, ...more }),
      });
      expect(response.status).toBe(201);
    },
    /** What the shop has been told. */
    async told(): Promise<readonly Record<string, unknown>[]> {
      await app.deliver();
      return app.shop.received.map(({ body }) => JSON.parse(body));
    },
  };
  return shop;
}

export type Shop = ReturnType<typeof createShop>;
