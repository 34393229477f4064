import { type Kept, openOrders } from '../order.ts';
import { spell } from '../random.ts';
import type { World } from '../world.ts';
import { type Money, tidy } from './money.ts';
import { type CapturePlan, standardPlan } from './plans.ts';
import type { CheckoutContext, OrderRequest } from './requests.ts';

export interface Capture {
  readonly id: string;
  readonly status: 'COMPLETED' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'PENDING' | 'REFUNDED';
  readonly reason: string | null;
  readonly amount: Money;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Refund {
  readonly id: string;
  readonly amount: Money;
  readonly invoiceId: string | null;
  /** As PayPal answers it. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** A webhook event as it was written; repeated with the same bytes. */
export interface SentEvent {
  readonly type: string;
  readonly body: string;
}

export interface PaypalOrder extends Kept {
  readonly id: string;
  readonly clientId: string;
  /** The API's address as the shop called it, for links. */
  readonly origin: string;
  readonly updatedAt: number;
  readonly stage: 'open' | 'approved' | 'captured' | 'expired';
  readonly hasSource: boolean;
  readonly requestId: string | null;
  readonly request: OrderRequest;
  readonly amount: Money;
  readonly plan: CapturePlan;
  readonly capture: Capture | null;
  readonly refunds: readonly Refund[];
  readonly last: SentEvent | null;
}

export type CapturedOrder = PaypalOrder & { readonly capture: Capture };

/** The money came, wherever it went afterwards. */
export const isPaid = ({ capture }: PaypalOrder): boolean =>
  capture !== null && ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(capture.status);

/** An order that nobody captured dies three hours after it was made. */
const LIFE_MS = 3 * 3600 * 1000;

/** By PayPal's number or the shop's, or that of the capture. */
export const orders = openOrders<PaypalOrder>({
  name: 'paypal.orders',
  cap: 10_000,
  keyOf: ({ id }) => id,
  isMeant: (order, number) => {
    const { custom_id, invoice_id, reference_id } = unitOf(order);
    return [reference_id, custom_id, invoice_id, order.capture?.id].includes(number);
  },
});

export function isGone(order: PaypalOrder, now: number): boolean {
  if (order.stage === 'captured') return false;
  return order.stage === 'expired' || now - order.createdAt >= LIFE_MS;
}

export const unitOf = (order: PaypalOrder) => order.request.purchase_units[0];

export const contextOf = ({ request }: PaypalOrder): CheckoutContext =>
  request.payment_source?.paypal.experience_context ?? request.application_context ?? {};

/** The shop's own name for it; PayPal calls a purchase unit without a reference `default`. */
export function orderNoOf(order: PaypalOrder): string {
  const unit = unitOf(order);
  return unit.custom_id ?? unit.invoice_id ?? unit.reference_id ?? 'default';
}

/** The form of the numbers PayPal gives to orders, captures and refunds. */
export const makeId = (world: World): string => spell(world.random(17), '0123456789ABCDEFGHJKLMNPRSTUVWXY');

type NewOrder = Pick<PaypalOrder, 'clientId' | 'origin' | 'requestId' | 'request'>;

export const makeOrder = (world: World, asked: NewOrder): PaypalOrder =>
  orders.put(world, {
    ...asked,
    id: makeId(world),
    createdAt: world.now(),
    updatedAt: world.now(),
    stage: 'open',
    hasSource: asked.request.payment_source !== undefined,
    amount: tidy(asked.request.purchase_units[0].amount),
    plan: standardPlan,
    capture: null,
    refunds: [],
    callbacks: [],
    last: null,
  });

/** Changes what PayPal shows, so `update_time` moves. */
export const changeOrder = (world: World, order: PaypalOrder, changes: Partial<PaypalOrder>): PaypalOrder =>
  orders.change(world, order, { ...changes, updatedAt: world.now() });
