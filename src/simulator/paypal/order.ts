import { limits } from '../options.ts';
import type { CallbackRecord } from '../order.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { makeId } from './digest.ts';
import { type Money, tidy } from './money.ts';
import type { CheckoutContext, OrderRequest } from './order-fields.ts';

/** How the next capture is to end. */
export type OutcomeKind = 'completed' | 'pending' | 'declined' | 'instrument_declined' | 'not_yet' | 'refused';
export type CaptureStatus = 'COMPLETED' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'PENDING' | 'REFUNDED';

export interface CapturePlan {
  readonly kind: OutcomeKind;
  /** Why a capture is pending, in PayPal's words. */
  readonly reason: string;
  /** What a refused capture is refused with. */
  readonly issue: string;
  /** Whether the capture is told by webhook, and how late. */
  readonly isTold: boolean;
  readonly delayMs: number;
}

export const standardPlan: CapturePlan = {
  kind: 'completed',
  reason: 'PENDING_REVIEW',
  issue: 'TRANSACTION_REFUSED',
  isTold: true,
  delayMs: 0,
};

export interface Capture {
  readonly id: string;
  readonly status: CaptureStatus;
  readonly reason: string | null;
  readonly amount: Money;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Refund {
  readonly id: string;
  readonly amount: Money;
  /** Of the capture, this refund included. */
  readonly total: Money;
  readonly customId: string | null;
  readonly invoiceId: string | null;
  readonly note: string | null;
  readonly createdAt: number;
}

/** A webhook event as it was written; repeated with the same bytes. */
export interface SentEvent {
  readonly type: string;
  readonly body: string;
}

export interface PaypalOrder {
  readonly id: string;
  readonly clientId: string;
  /** The API's address as the shop called it, for links. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly stage: 'open' | 'approved' | 'captured' | 'expired';
  readonly hasSource: boolean;
  readonly requestId: string | null;
  readonly request: OrderRequest;
  readonly amount: Money;
  readonly plan: CapturePlan;
  readonly capture: Capture | null;
  readonly refunds: readonly Refund[];
  readonly callbacks: readonly CallbackRecord[];
  readonly last: SentEvent | null;
}

const paidStatuses: readonly CaptureStatus[] = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'];

/** The money came, wherever it went afterwards. */
export function isPaid({ capture }: PaypalOrder): boolean {
  return capture !== null && paidStatuses.includes(capture.status);
}

/** An order that nobody captured dies three hours after it was made. */
const LIFE_MS = 3 * 3600 * 1000;
const ORDERS_CAP = 10_000;

export const ordersOf = (world: World): Shelf<PaypalOrder> => world.shelves.open('paypal.orders', ORDERS_CAP);

export function isGone(order: PaypalOrder, now: number): boolean {
  if (order.stage === 'captured') return false;
  return order.stage === 'expired' || now - order.createdAt >= LIFE_MS;
}

export function unitOf(order: PaypalOrder) {
  return order.request.purchase_units[0];
}

export function contextOf({ request }: PaypalOrder): CheckoutContext {
  return request.payment_source?.paypal.experience_context ?? request.application_context ?? {};
}

/** The shop's own name for it; PayPal calls a purchase unit without a reference `default`. */
export function orderNoOf(order: PaypalOrder): string {
  const unit = unitOf(order);
  return unit.custom_id ?? unit.invoice_id ?? unit.reference_id ?? 'default';
}

export interface NewOrder {
  readonly clientId: string;
  readonly origin: string;
  readonly requestId: string | null;
  readonly request: OrderRequest;
}

export function makeOrder(world: World, { clientId, origin, requestId, request }: NewOrder): PaypalOrder {
  const id = makeId(world.random);
  return ordersOf(world).put(id, {
    id,
    clientId,
    origin,
    requestId,
    request,
    createdAt: world.now(),
    updatedAt: world.now(),
    stage: 'open',
    hasSource: request.payment_source !== undefined,
    amount: tidy(request.purchase_units[0].amount),
    plan: standardPlan,
    capture: null,
    refunds: [],
    callbacks: [],
    last: null,
  });
}

/** Changes what PayPal shows, so `update_time` moves. */
export function changeOrder(
  world: World,
  id: string,
  edit: (current: PaypalOrder) => Partial<PaypalOrder>,
): PaypalOrder {
  const changed = ordersOf(world).change(id, (current) => ({ ...current, ...edit(current), updatedAt: world.now() }));
  if (!changed) throw new Error(`The PayPal order ${id} is gone.`);
  return changed;
}

export function keepCallback(world: World, id: string, record: CallbackRecord): void {
  ordersOf(world).change(id, (current) => ({
    ...current,
    callbacks: [...current.callbacks, record].slice(-limits.callbacksKept),
  }));
}

/** By PayPal's number or the shop's, or that of the capture; the newest of several. */
export function findOrder(world: World, number: string): PaypalOrder | undefined {
  const orders = ordersOf(world);
  return (
    orders.get(number) ??
    orders.find((order) => {
      const { custom_id, invoice_id, reference_id } = unitOf(order);
      return [reference_id, custom_id, invoice_id, order.capture?.id].includes(number);
    })
  );
}
