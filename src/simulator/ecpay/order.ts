import { formatTaipei, nextTaipeiTime } from '../clock.ts';
import { limits } from '../options.ts';
import { type KeptOrder, openOrders, statusAt } from '../order.ts';
import { type StandOrder, viewCallbacks, viewKept } from '../stand.ts';
import type { World } from '../world.ts';
import { makeTradeNo } from './numbers.ts';

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

export interface EcpayOrder extends KeptOrder {
  readonly merchantId: string;
  readonly merchantTradeNo: string;
  readonly tradeNo: string;
  /** `ecpg` is payment inside the shop's own page, `background` a number asked for by the shop's server. */
  readonly kind: 'aio' | 'background' | 'ecpg';
  readonly amount: number;
  readonly itemName: string;
  /** ChoosePayment, narrowed once a payer chose from ALL. */
  readonly method: string;
  /** As ECPay reports it: `ATM_BOT` at the cashier, `ATM` in the JSON services. */
  readonly paymentType: string;
  readonly status: 'created' | 'issued' | 'paid' | 'declined' | 'expired';
  readonly simulated: boolean;
  readonly installment: number;
  /** Of a card that something was done with. */
  readonly card: CardMoney;
  /** The number, in ECPay's field names, or where the payer goes on; empty until there is one. */
  readonly info: Readonly<Record<string, string>>;
  /** The request as the shop sent it. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly customField: string;
  readonly returnUrl: string;
  readonly infoUrl: string;
  readonly last: Notice | null;
}

const ITEM_NAME_LENGTH = 400;

/** No letter of a merchant's or a trade's number. */
const MARK = '-';

export const keyOf = ({ merchantId, merchantTradeNo }: Pick<EcpayOrder, 'merchantId' | 'merchantTradeNo'>): string =>
  merchantId + MARK + merchantTradeNo;

const usedShelf = (world: World) => world.shelves.open<1>('ecpay.used', limits.usedNumbers);

/** By merchant and MerchantTradeNo, else the newest with that MerchantTradeNo or TradeNo. */
export const orders = openOrders<EcpayOrder>({
  name: 'ecpay.orders',
  cap: limits.orders,
  keyOf,
  isMeant: ({ merchantTradeNo, tradeNo }, number) => merchantTradeNo === number || tradeNo === number,
});

export const findOrder = (world: World, merchantId: string, merchantTradeNo: string): EcpayOrder | undefined =>
  orders.shelf(world).get(keyOf({ merchantId, merchantTradeNo }));

/** A MerchantTradeNo is spent for ever, also when its order was dropped. */
export const isUsed = (world: World, merchantId: string, merchantTradeNo: string): boolean =>
  usedShelf(world).get(keyOf({ merchantId, merchantTradeNo })) !== undefined;

type Wish = Pick<EcpayOrder, 'merchantId' | 'merchantTradeNo' | 'kind' | 'amount' | 'itemName' | 'method'> &
  Pick<EcpayOrder, 'paymentType' | 'fields' | 'customField' | 'returnUrl'> &
  Partial<EcpayOrder>;

export function makeOrder(world: World, wish: Wish): EcpayOrder {
  const now = world.now();
  usedShelf(world).put(keyOf(wish), 1);
  return orders.put(world, {
    tradeNo: makeTradeNo(now, world.random),
    status: 'created',
    createdAt: now,
    paidAt: null,
    simulated: false,
    deadline: null,
    installment: 0,
    card: { stage: null, refunded: 0 },
    info: {},
    infoUrl: '',
    callbacks: [],
    last: null,
    ...wish,
    itemName: wish.itemName.slice(0, ITEM_NAME_LENGTH),
  });
}

/** A field of the shop's request as text; empty when it was not sent. */
export function sentField(order: EcpayOrder, name: string): string {
  const value = order.fields[name];
  return typeof value === 'string' ? value : '';
}

export const sentFields = (order: EcpayOrder, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, sentField(order, name)]));

/** Every evening at 20:15 ECPay collects what was authorised by then (page 2885). */
const CLOSING_MINUTE = 20 * 60 + 15;
const CARDS: readonly string[] = ['Credit', 'UnionPay', 'ApplePay'];

/** Null for what is no card, or not paid. A payment that was only simulated never saw a bank. */
export function cardStageAt(order: EcpayOrder, now: number): CardStage | null {
  if (order.paidAt === null || order.simulated || !CARDS.includes(order.method)) return null;
  if (order.card.stage) return order.card.stage;
  // UnionPay is collected with the authorisation.
  const isCollected = order.method === 'UnionPay' || now >= nextTaipeiTime(order.paidAt, CLOSING_MINUTE);
  return isCollected ? 'closed' : 'authorised';
}

const iso = (ms: number): string => new Date(ms).toISOString();

function toJson(order: EcpayOrder, now: number, retryAt: number | null): Record<string, unknown> {
  const stage = cardStageAt(order, now);
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
    ...(stage === null ? {} : { card_stage: stage, refunded: order.card.refunded }),
    ...(order.deadline === null ? {} : { deadline: iso(order.deadline) }),
    info: order.info,
    fields: order.fields,
    custom_field: order.customField,
    callbacks: viewCallbacks(order),
    ...(retryAt === null ? {} : { retry_at: iso(retryAt) }),
  };
}

const PAID_BY = ['BankCode', 'vAccount', 'PaymentNo', 'Barcode1', 'Barcode2', 'Barcode3'];

export const cashierPath = (order: EcpayOrder): string => `/Cashier/Order/${order.merchantId}/${order.merchantTradeNo}`;

export function viewOrder(world: World, order: EcpayOrder): StandOrder {
  const now = world.now();
  const stage = cardStageAt(order, now);
  const retryAt = world.sender.nextTry('ecpay', keyOf(order));
  const kept = viewKept(world, order, order.amount);
  return {
    ...kept,
    gateway: 'ecpay',
    key: keyOf(order),
    orderNo: order.merchantTradeNo,
    tradeNo: order.tradeNo,
    method: `${order.method} (${order.kind})`,
    ...(order.simulated ? { status: `${kept.status} (simulated)` } : {}),
    item: order.itemName.split('#').join(' · '),
    payerPage: order.kind === 'aio' ? cashierPath(order) : null,
    number: PAID_BY.flatMap((name) => order.info[name] ?? []).join(' '),
    info: {
      Merchant: order.merchantId,
      ...(order.paidAt === null ? {} : { Paid: formatTaipei(order.paidAt) }),
      ...(stage === null ? {} : { Card: `${stage}, NT$${order.card.refunded} paid back` }),
      ...order.info,
    },
    fields: order.fields,
    retryAt,
    json: toJson(order, now, retryAt),
  };
}
