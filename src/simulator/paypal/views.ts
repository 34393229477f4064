import { createHash } from 'node:crypto';
import { spell } from '../random.ts';
import type { Link } from './errors.ts';
import { fromMinor, type Money, toMinor } from './money.ts';
import { type Capture, type CapturedOrder, contextOf, type PaypalOrder, unitOf } from './order.ts';
import type { RefundRequest } from './requests.ts';

export type Shown = Readonly<Record<string, unknown>>;

/** `2026-06-22T07:30:00Z`: PayPal leaves fractions out. */
export const formatTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The one payer of the simulator; the number has the form of PayPal's account numbers. */
export const PAYER_ID = 'SMULATR2PAYER';
const name = { given_name: 'Simulated', surname: 'Payer' };
const address = { country_code: 'US' };
const email_address = 'payer@example.com';
const payer = { name, email_address, payer_id: PAYER_ID, address };
const wallet = { email_address, account_id: PAYER_ID, account_status: 'VERIFIED', name, address };

/** For every thousand of the amount. */
const FEE_PER_MILLE = 44n;
const link = (href: string, rel: string, method: Link['method'] = 'GET'): Link => ({ href, rel, method });
const orderUrl = ({ origin, id }: PaypalOrder) => `${origin}/v2/checkout/orders/${id}`;
const captureUrl = ({ origin, capture }: CapturedOrder) => `${origin}/v2/payments/captures/${capture.id}`;

/** Where the payer goes; its name depends on how the order was made. */
export const payerLink = (order: PaypalOrder): Link =>
  link(`${order.origin}/checkoutnow?token=${order.id}`, order.hasSource ? 'payer-action' : 'approve');

export function statusOf(order: PaypalOrder): string {
  if (order.stage === 'captured') return 'COMPLETED';
  if (order.stage === 'approved') return 'APPROVED';
  return order.hasSource ? 'PAYER_ACTION_REQUIRED' : 'CREATED';
}

function linksOf(order: PaypalOrder): Link[] {
  const self = link(orderUrl(order), 'self');
  if (order.stage === 'open') return [self, payerLink(order)];
  return order.stage === 'approved' ? [self, link(`${orderUrl(order)}/capture`, 'capture', 'POST')] : [self];
}

const withoutNulls = (fields: Shown): Shown =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

function breakdownOf({ amount }: Capture): Readonly<Record<string, Money>> {
  const code = amount.currency_code;
  const fee = (toMinor(amount) * FEE_PER_MILLE) / 1000n;
  const net_amount = fromMinor(toMinor(amount) - fee, code);
  return { gross_amount: amount, paypal_fee: fromMinor(fee, code), net_amount };
}

function viewCapture(order: CapturedOrder): Shown {
  const { capture } = order;
  const { custom_id, invoice_id } = unitOf(order);
  const isOpen = capture.status === 'PENDING' || capture.status === 'DECLINED';
  const url = captureUrl(order);
  return withoutNulls({
    id: capture.id,
    status: capture.status,
    status_details: capture.reason === null ? null : { reason: capture.reason },
    amount: capture.amount,
    final_capture: true,
    disbursement_mode: 'INSTANT',
    seller_protection: { status: isOpen ? 'NOT_ELIGIBLE' : 'ELIGIBLE' },
    seller_receivable_breakdown: isOpen ? null : breakdownOf(capture),
    invoice_id,
    custom_id,
    create_time: formatTime(capture.createdAt),
    update_time: formatTime(capture.updatedAt),
    links: [link(url, 'self'), link(`${url}/refund`, 'refund', 'POST'), link(orderUrl(order), 'up')],
  });
}

/** PayPal's account numbers have none of 0, 1, I and O; the same account always has the same one. */
function payeeOf({ clientId }: PaypalOrder) {
  const bytes = createHash('sha256').update(clientId).digest().subarray(0, 13);
  const merchant_id = spell(bytes, '23456789ABCDEFGHJKLMNPQRSTUVWXYZ');
  return { email_address: `merchant-${merchant_id.toLowerCase()}@example.com`, merchant_id };
}

/** A capture on its own: it names its order, as nothing around it does. */
export function viewLoneCapture(order: CapturedOrder): Shown {
  const supplementary_data = { related_ids: { order_id: order.id } };
  return { ...viewCapture(order), supplementary_data, payee: payeeOf(order) };
}

interface NewRefund {
  readonly id: string;
  readonly amount: Money;
  /** Of the capture, this refund included. */
  readonly total: Money;
  readonly request: RefundRequest;
  readonly now: number;
}

export function viewRefund(order: CapturedOrder, { id, amount, total, request, now }: NewRefund): Shown {
  const { invoice_id = unitOf(order).invoice_id, custom_id = unitOf(order).custom_id, note_to_payer } = request;
  return withoutNulls({
    id,
    status: 'COMPLETED',
    links: [link(`${order.origin}/v2/payments/refunds/${id}`, 'self'), link(captureUrl(order), 'up')],
    amount,
    invoice_id,
    custom_id,
    note_to_payer,
    seller_payable_breakdown: {
      gross_amount: amount,
      // PayPal keeps its fee when a payment is refunded.
      paypal_fee: fromMinor(0n, amount.currency_code),
      net_amount: amount,
      total_refunded_amount: total,
    },
    create_time: formatTime(now),
    update_time: formatTime(now),
  });
}

const isCaptured = (order: PaypalOrder): order is CapturedOrder => order.capture !== null;

function viewPayments(order: PaypalOrder): Shown {
  if (!isCaptured(order)) return {};
  const refunds = order.refunds.map(({ shown }) => shown);
  return { payments: { captures: [viewCapture(order)], ...(refunds.length > 0 ? { refunds } : {}) } };
}

function viewSource(order: PaypalOrder): Shown {
  if (order.stage !== 'open') return { payment_source: { paypal: wallet }, payer };
  return order.hasSource ? { payment_source: { paypal: {} } } : {};
}

/** What a shop gets that did not ask for more; after the capture, that comes with it. */
export function viewOrderBriefly(order: PaypalOrder): Shown {
  const { reference_id = 'default' } = unitOf(order);
  return {
    id: order.id,
    status: statusOf(order),
    ...viewSource(order),
    ...(order.capture ? { purchase_units: [{ reference_id, ...viewPayments(order) }] } : {}),
    links: linksOf(order),
  };
}

export function viewOrder(order: PaypalOrder): Shown {
  const { reference_id = 'default', amount: _, ...texts } = unitOf(order);
  const { amount } = order;
  return {
    create_time: formatTime(order.createdAt),
    update_time: formatTime(order.updatedAt),
    id: order.id,
    intent: 'CAPTURE',
    status: statusOf(order),
    ...viewSource(order),
    purchase_units: [{ reference_id, amount, payee: payeeOf(order), ...texts, ...viewPayments(order) }],
    links: linksOf(order),
  };
}

export const brandOf = (order: PaypalOrder): string => contextOf(order).brand_name ?? payeeOf(order).merchant_id;
