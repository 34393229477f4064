import { deriveAccountId } from './digest.ts';
import type { Link } from './errors.ts';
import { fromMinor, type Money, toMinor } from './money.ts';
import { type Capture, contextOf, type PaypalOrder, type Refund, unitOf } from './order.ts';

/** `2026-06-22T07:30:00Z`: PayPal leaves fractions out. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The one payer of the simulator; the number has the form of PayPal's account numbers. */
export const PAYER_ID = 'SMULATR2PAYER';
const payerName = { given_name: 'Simulated', surname: 'Payer' };
const payer = {
  name: payerName,
  email_address: 'payer@example.com',
  payer_id: PAYER_ID,
  address: { country_code: 'US' },
};
const wallet = {
  email_address: payer.email_address,
  account_id: PAYER_ID,
  account_status: 'VERIFIED',
  name: payerName,
  address: payer.address,
};

/** For every thousand of the amount. */
const FEE_PER_MILLE = 44n;

function feeOf(amount: Money): bigint {
  return (toMinor(amount) * FEE_PER_MILLE) / 1000n;
}

export function orderUrl(order: PaypalOrder): string {
  return `${order.origin}/v2/checkout/orders/${order.id}`;
}

function captureUrl(order: PaypalOrder, capture: Capture): string {
  return `${order.origin}/v2/payments/captures/${capture.id}`;
}

/** Where the payer goes; its name depends on how the order was made. */
export function payerLink(order: PaypalOrder): Link {
  const href = `${order.origin}/checkoutnow?token=${order.id}`;
  return { href, rel: order.hasSource ? 'payer-action' : 'approve', method: 'GET' };
}

export function statusOf(order: PaypalOrder): string {
  if (order.stage === 'captured') return 'COMPLETED';
  if (order.stage === 'approved') return 'APPROVED';
  return order.hasSource ? 'PAYER_ACTION_REQUIRED' : 'CREATED';
}

function linksOf(order: PaypalOrder): Link[] {
  const self: Link = { href: orderUrl(order), rel: 'self', method: 'GET' };
  if (order.stage === 'open') return [self, payerLink(order)];
  if (order.stage !== 'approved') return [self];
  return [self, { href: `${orderUrl(order)}/capture`, rel: 'capture', method: 'POST' }];
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

function breakdownOf({ amount }: Capture): Record<string, Money> {
  const fee = feeOf(amount);
  const code = amount.currency_code;
  return {
    gross_amount: amount,
    paypal_fee: fromMinor(fee, code),
    net_amount: fromMinor(toMinor(amount) - fee, code),
  };
}

/** A capture inside its order. */
export function viewCapture(order: PaypalOrder, capture: Capture): Record<string, unknown> {
  const { custom_id, invoice_id } = unitOf(order);
  const isOpen = capture.status === 'PENDING' || capture.status === 'DECLINED';
  const url = captureUrl(order, capture);
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
    links: [
      { href: url, rel: 'self', method: 'GET' },
      { href: `${url}/refund`, rel: 'refund', method: 'POST' },
      { href: orderUrl(order), rel: 'up', method: 'GET' },
    ],
  });
}

export function payeeOf(order: PaypalOrder): Record<string, string> {
  const merchantId = deriveAccountId(order.clientId);
  return { email_address: `merchant-${merchantId.toLowerCase()}@example.com`, merchant_id: merchantId };
}

/** A capture on its own: it names its order, as nothing around it does. */
export function viewLoneCapture(order: PaypalOrder, capture: Capture): Record<string, unknown> {
  return {
    ...viewCapture(order, capture),
    supplementary_data: { related_ids: { order_id: order.id } },
    payee: payeeOf(order),
  };
}

export function viewRefund(order: PaypalOrder, capture: Capture, refund: Refund): Record<string, unknown> {
  const code = refund.amount.currency_code;
  return withoutNulls({
    ...viewRefundBriefly(order, capture, refund),
    amount: refund.amount,
    invoice_id: refund.invoiceId ?? unitOf(order).invoice_id,
    custom_id: refund.customId ?? unitOf(order).custom_id,
    note_to_payer: refund.note,
    seller_payable_breakdown: {
      gross_amount: refund.amount,
      // PayPal keeps its fee when a payment is refunded.
      paypal_fee: fromMinor(0n, code),
      net_amount: refund.amount,
      total_refunded_amount: refund.total,
    },
    create_time: formatTime(refund.createdAt),
    update_time: formatTime(refund.createdAt),
  });
}

export function viewRefundBriefly(order: PaypalOrder, capture: Capture, refund: Refund): Record<string, unknown> {
  return {
    id: refund.id,
    status: 'COMPLETED',
    links: [
      { href: `${order.origin}/v2/payments/refunds/${refund.id}`, rel: 'self', method: 'GET' },
      { href: captureUrl(order, capture), rel: 'up', method: 'GET' },
    ],
  };
}

function viewPayments(order: PaypalOrder): Record<string, unknown> {
  const { capture, refunds } = order;
  if (!capture) return {};
  const returned = refunds.map((refund) => viewRefund(order, capture, refund));
  return {
    payments: { captures: [viewCapture(order, capture)], ...(returned.length > 0 ? { refunds: returned } : {}) },
  };
}

function viewSource(order: PaypalOrder): Record<string, unknown> {
  if (order.stage === 'open') return order.hasSource ? { payment_source: { paypal: {} } } : {};
  return { payment_source: { paypal: wallet }, payer };
}

function referenceOf(order: PaypalOrder): string {
  return unitOf(order).reference_id ?? 'default';
}

/** What a shop gets that did not ask for more; after the capture, that comes with it. */
export function viewOrderBriefly(order: PaypalOrder): Record<string, unknown> {
  const unit = { reference_id: referenceOf(order), ...viewPayments(order) };
  return {
    id: order.id,
    status: statusOf(order),
    ...viewSource(order),
    ...(order.capture ? { purchase_units: [unit] } : {}),
    links: linksOf(order),
  };
}

export function viewOrder(order: PaypalOrder): Record<string, unknown> {
  const { reference_id: _reference, amount: _amount, ...texts } = unitOf(order);
  const unit = {
    reference_id: referenceOf(order),
    amount: order.amount,
    payee: payeeOf(order),
    ...texts,
    ...viewPayments(order),
  };
  return {
    create_time: formatTime(order.createdAt),
    update_time: formatTime(order.updatedAt),
    id: order.id,
    intent: 'CAPTURE',
    status: statusOf(order),
    ...viewSource(order),
    purchase_units: [unit],
    links: linksOf(order),
  };
}

/** What the payer reads over the amount. */
export function brandOf(order: PaypalOrder): string {
  return contextOf(order).brand_name ?? payeeOf(order).merchant_id ?? '';
}
