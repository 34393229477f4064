import type { Fact } from '../../core/attempt.ts';
import { tellDetails } from '../../core/paid-details.ts';
import { formatInstant } from '../../core/time.ts';
import { GatewayGarbage } from '../gateway.ts';
import { readDetails } from './details.ts';
import { type Fields, listOf, objectOf, textOf } from './json.ts';
import { readPaypalMoney } from './money.ts';

/** Orders as PayPal shows them (PayPal Orders v2, order object), and what they say about a payment. */
export interface PaypalOrder {
  readonly id: string;
  readonly status: string;
  readonly unit: Fields;
  /** The capture that decides, if there is any: money that came before money on its way, before none. */
  readonly capture: Fields | null;
  /** How the payer pays there, by its name, e.g. `paypal`. */
  readonly source: Fields;
  readonly links: readonly Fields[];
}

/** What an answer has to be about. */
export interface Expected {
  readonly paymentNo: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
}

/** Safe in a path, and what PayPal's numbers are made of. */
export const ORDER_ID = /^[A-Za-z0-9-]{1,64}$/;

/** Captures in the order in which they count, should an order ever have several. */
const RANKS = ['COMPLETED', 'PARTIALLY_REFUNDED', 'PENDING', 'REFUNDED', 'DECLINED', 'FAILED'];

/** Throws GatewayGarbage for an answer that is no order, or one that belongs to another payment. */
export function readOrder(body: Fields, expected: Expected, id?: string): PaypalOrder {
  const [unit = {}] = listOf(body.purchase_units);
  const captures = listOf(objectOf(unit.payments).captures);
  const order: PaypalOrder = {
    id: textOf(body.id),
    status: textOf(body.status),
    unit,
    capture: chooseCapture(captures),
    source: objectOf(body.payment_source),
    links: listOf(body.links),
  };
  if (!ORDER_ID.test(order.id) || order.status === '') throw new GatewayGarbage('PayPal’s answer is not an order');
  if (id !== undefined && order.id !== id) throw new GatewayGarbage('PayPal’s answer is about another order');
  requireOurs([unit, ...captures], expected);
  return order;
}

function chooseCapture(captures: readonly Fields[]): Fields | null {
  const rank = (capture: Fields) => {
    const at = RANKS.indexOf(textOf(capture.status));
    return at < 0 ? RANKS.length : at;
  };
  return [...captures].sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** `custom_id` and `invoice_id` were given with the payment's number, so they come back with it or not at all. */
function requireOurs(parts: readonly Fields[], { paymentNo }: Expected): void {
  const names = parts.flatMap(({ custom_id, invoice_id }) => [textOf(custom_id), textOf(invoice_id)]);
  if (names.some((name) => name !== '' && name !== paymentNo)) {
    throw new GatewayGarbage('PayPal’s answer is about another payment');
  }
}

/** Before money is taken: an order over another amount is not what the payer was asked for. */
export function requireAmount({ unit }: PaypalOrder, { amount, currency }: Expected): void {
  if (unit.amount === undefined) return;
  const money = readPaypalMoney(unit.amount);
  if (money?.amount !== amount || money.currency !== currency) {
    throw new GatewayGarbage('PayPal’s order is about another amount');
  }
}

/** What an order says that needs no doing. `null`: the payer has approved it, and it waits to be captured. */
export function readFacts(order: PaypalOrder): readonly Fact[] | null {
  if (order.capture) return readCapture(order.capture, order.source);
  switch (order.status) {
    case 'APPROVED':
      return null;
    case 'CREATED':
    case 'SAVED':
    case 'PAYER_ACTION_REQUIRED':
      return [];
    case 'VOIDED':
      return [{ type: 'ended', reason: 'GONE', code: order.status }];
    default:
      throw new GatewayGarbage(`PayPal’s order is ${order.status} and has no capture`);
  }
}

/**
 * An order is COMPLETED while its capture is still looked into, so the capture alone tells (PayPal Payments v2, capture
 * status). Our number for the trade stays that of the order, hence no `tradeNo`.
 */
function readCapture(capture: Fields, source: Fields): readonly Fact[] {
  const status = textOf(capture.status);
  const reason = textOf(objectOf(capture.status_details).reason);
  switch (status) {
    case 'COMPLETED':
      return [readPaid(capture, status, source)];
    case 'PARTIALLY_REFUNDED':
      return [
        readPaid(capture, status, source),
        { type: 'refunded', code: status, message: 'A part of the payment has been paid back.' },
      ];
    case 'PENDING':
      return [{ type: 'under_review' }];
    case 'REFUNDED':
      return [
        { type: 'note', code: status, message: 'The whole payment has been paid back.' },
        { type: 'ended', reason: 'GONE', code: status },
      ];
    case 'DECLINED':
    case 'FAILED':
      return [
        { type: 'declined', code: reason || status, message: `PayPal’s capture is ${status}.` },
        { type: 'ended', reason: 'GONE', code: reason || status },
      ];
    default:
      throw new GatewayGarbage(`PayPal’s capture is ${status || 'without a status'}`);
  }
}

function readPaid(capture: Fields, status: string, source: Fields): Fact {
  const money = readPaypalMoney(capture.amount);
  if (!money) throw new GatewayGarbage('the amount of PayPal’s capture cannot be read');
  // A capture that was pending has become money when it was last changed; a refund changes it once more.
  const changed = status === 'COMPLETED' ? readTime(capture.update_time) : null;
  const paidAt = changed ?? readTime(capture.create_time);
  const [channel] = Object.keys(source);
  return {
    type: 'paid',
    ...money,
    simulated: false,
    ...(paidAt === null ? {} : { paidAt: formatInstant(paidAt) }),
    ...(channel === undefined ? {} : { channel }),
    ...tellDetails(readDetails(capture, source)),
  };
}

/** `2026-06-22T07:30:00Z`, in milliseconds since the epoch. */
function readTime(value: unknown): number | null {
  const text = textOf(value);
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
