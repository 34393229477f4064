import { nextTaipeiTime } from './clock.ts';

/** `ecpg` is payment inside the shop's own page, `background` a number asked for by the shop's server. */
export type OrderKind = 'aio' | 'background' | 'ecpg';
export type OrderStatus = 'created' | 'issued' | 'paid' | 'declined' | 'expired';

/** What a callback tells: `info` is the number-issued notice of the cashier. */
export interface Notice {
  readonly kind: 'paid' | 'declined' | 'info';
  readonly code: string;
  readonly message: string;
}

/**
 * How far the money of a card is: promised by the bank, on the list of what ECPay is going to collect, collected, or
 * given up (ECPay developer documentation, page 2885).
 */
export const cardStages = ['authorised', 'closing', 'closed', 'released'] as const;
export type CardStage = (typeof cardStages)[number];

export interface CardMoney {
  /** Null while the clock decides. */
  readonly stage: CardStage | null;
  /** TWD paid back. */
  readonly refunded: number;
}

/** One callback as it went out, and what came back. */
export interface CallbackRecord {
  readonly at: number;
  readonly kind: string;
  readonly url: string;
  readonly status: number | null;
  readonly answer: string;
  readonly acknowledged: boolean;
  readonly error?: string;
}

/** A callback that still has to go out. */
export interface PendingCallback {
  readonly id: string;
  readonly at: number;
  readonly notice: Notice;
  /** Tries that remain after this one. */
  readonly retriesLeft: number;
  readonly times: number;
  readonly parallel: boolean;
  /** ECPay words a repeated callback differently from the first one. */
  readonly again: boolean;
}

export interface Order {
  readonly merchantId: string;
  readonly merchantTradeNo: string;
  readonly tradeNo: string;
  readonly kind: OrderKind;
  readonly amount: number;
  readonly itemName: string;
  /** ChoosePayment, narrowed once a payer chose from ALL. */
  readonly method: string;
  /** As ECPay reports it: `ATM_BOT` at the cashier, `ATM` in the JSON services. */
  readonly paymentType: string;
  readonly status: OrderStatus;
  readonly createdAt: number;
  readonly paidAt: number | null;
  readonly simulated: boolean;
  readonly deadline: number | null;
  readonly installment: number;
  /** Of a card that something was done with. */
  readonly card?: CardMoney;
  /** The number, in ECPay's field names, or where the payer goes on; empty until there is one. */
  readonly info: Readonly<Record<string, string>>;
  /** The request as the shop sent it. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly customField: string;
  readonly returnUrl: string;
  readonly infoUrl: string;
  readonly callbacks: readonly CallbackRecord[];
  readonly last: Notice | null;
  readonly pending: readonly PendingCallback[];
}

export function keyOf(merchantId: string, merchantTradeNo: string): string {
  return `${merchantId}:${merchantTradeNo}`;
}

export function orderKey(order: Order): string {
  return keyOf(order.merchantId, order.merchantTradeNo);
}

/** A field of the shop's request as text; empty when it was not sent. */
export function sentField(order: Order, name: string): string {
  const value = order.fields[name];
  return typeof value === 'string' ? value : '';
}

/** ECPay sends nothing when a number runs out, so the status follows the clock. */
export function statusAt(order: Order, now: number): OrderStatus {
  const isOver = order.status === 'issued' && order.deadline !== null && order.deadline < now;
  return isOver ? 'expired' : order.status;
}

/** Every evening at 20:15 ECPay collects what was authorised by then (page 2885). */
const CLOSING_MINUTE = 20 * 60 + 15;
const CARDS: readonly string[] = ['Credit', 'UnionPay', 'ApplePay'];

/** Null for what is no card, or not paid. A payment that was only simulated never saw a bank. */
export function cardStageAt(order: Order, now: number): CardStage | null {
  if (order.paidAt === null || order.simulated || !CARDS.includes(order.method)) return null;
  if (order.card?.stage) return order.card.stage;
  // UnionPay is collected with the authorisation.
  const isCollected = order.method === 'UnionPay' || now >= nextTaipeiTime(order.paidAt, CLOSING_MINUTE);
  return isCollected ? 'closed' : 'authorised';
}

const iso = (ms: number): string => new Date(ms).toISOString();

function viewCard(order: Order, now: number): Record<string, unknown> {
  const stage = cardStageAt(order, now);
  return stage === null ? {} : { card_stage: stage, refunded: order.card?.refunded ?? 0 };
}

/** The order as the JSON API shows it. */
export function viewOrder(order: Order, now: number): Record<string, unknown> {
  const next = order.pending.length > 0 ? Math.min(...order.pending.map((item) => item.at)) : null;
  return {
    merchant_trade_no: order.merchantTradeNo,
    merchant_id: order.merchantId,
    trade_no: order.tradeNo,
    amount: order.amount,
    kind: order.kind,
    method: order.method,
    payment_type: order.paymentType,
    status: statusAt(order, now),
    simulated: order.simulated,
    created_at: iso(order.createdAt),
    ...(order.paidAt === null ? {} : { paid_at: iso(order.paidAt) }),
    ...viewCard(order, now),
    ...(order.deadline === null ? {} : { deadline: iso(order.deadline) }),
    info: order.info,
    fields: order.fields,
    custom_field: order.customField,
    callbacks: order.callbacks.map((record) => ({ ...record, at: iso(record.at) })),
    ...(next === null ? {} : { retry_at: iso(next) }),
  };
}
