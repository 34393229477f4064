import { formatDecimal, fromMinorUnits } from './money.ts';
import type { Payment } from './payment.ts';

/** What a gateway tells of how a payment was paid, in our words; only what it told is there. Amounts are minor units. */
export interface PaidDetails {
  readonly card?: Card;
  /** The gateway's name of the channel, e.g. `CVS_FAMILY`. */
  readonly channel?: string;
  /** What the gateway keeps for itself, and what is left for the merchant. */
  readonly fee?: Money;
  readonly net?: Money;
  /** When the order was made there, ISO 8601 with offset. */
  readonly tradedAt?: string;
}

/** Some gateways pay out, and charge, in another currency than the payer's. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Of the number never more than its beginning and its end. */
export interface Card {
  readonly first6?: string;
  readonly last4?: string;
  readonly brand?: string;
  readonly bank?: string;
  /** ISO 3166, two letters. */
  readonly country?: string;
  /** Electronic commerce indicator: what 3-D Secure came to. */
  readonly eci?: string;
  readonly authCode?: string;
  readonly installments?: Installments;
  readonly bonus?: Bonus;
}

export interface Installments {
  readonly count: number;
  readonly first?: number;
  readonly each?: number;
}

/** Points of the card's bank that paid a part. */
export interface Bonus {
  readonly used: number;
  readonly left?: number;
  readonly discount?: number;
  readonly charged?: number;
}

/** What is known with what is told now; what was known itself when that is nothing new. */
export function mergeDetails(known: PaidDetails | null, told: PaidDetails): PaidDetails | null {
  if (contains(known, told)) return known;
  const card = { ...known?.card, ...told.card };
  return { ...known, ...told, ...(Object.keys(card).length > 0 ? { card } : {}) };
}

/** `details` of a fact, when there are any. */
export function tellDetails(details: PaidDetails): { readonly details?: PaidDetails } {
  return Object.keys(details).length === 0 ? {} : { details };
}

function contains(known: unknown, told: unknown): boolean {
  if (typeof told !== 'object' || told === null) return known === told;
  const fields = (known ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(told).every(([name, value]) => contains(fields[name], value));
}

/** What the payer is shown of it. */
export function payersPart(details: PaidDetails | null): PaidDetails | null {
  const { last4, bank } = details?.card ?? {};
  return last4 === undefined ? null : { card: { last4, ...given({ bank }) } };
}

/** For the shop; amounts in the unit of the payment's route. */
export function describeDetails(payment: Pick<Payment, 'currency' | 'unit'>, details: PaidDetails | null) {
  const { card, channel, fee, net } = details ?? {};
  return {
    card: card === undefined ? null : describeCard(payment, card),
    channel: channel ?? null,
    fee: showMoney(payment, fee),
    fee_decimal: fee === undefined ? null : formatDecimal(fee.amount, fee.currency),
    net: showMoney(payment, net),
    net_decimal: net === undefined ? null : formatDecimal(net.amount, net.currency),
    fee_currency: (fee ?? net)?.currency ?? null,
  };
}

function showMoney({ unit }: Pick<Payment, 'unit'>, money: Money | undefined): number | null {
  return money === undefined ? null : fromMinorUnits(money.amount, money.currency, unit);
}

function describeCard({ currency, unit }: Pick<Payment, 'currency' | 'unit'>, card: Card) {
  const { first6, last4, bank, brand, country, eci, authCode, installments, bonus } = card;
  const show = (amount: number | undefined) =>
    amount === undefined ? undefined : fromMinorUnits(amount, currency, unit);
  return {
    first6: first6 ?? null,
    last4: last4 ?? null,
    bank: bank ?? null,
    ...given({ brand, country, eci, auth_code: authCode }),
    ...given({
      installments: installments && {
        count: installments.count,
        ...given({ first: show(installments.first), each: show(installments.each) }),
      },
      bonus: bonus && {
        points_used: bonus.used,
        ...given({ points_left: bonus.left, discount: show(bonus.discount), charged: show(bonus.charged) }),
      },
    }),
  };
}

/** What is there of it. */
export function given<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
