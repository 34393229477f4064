import type { World } from '../world.ts';
import { makeId } from './digest.ts';
import { Verbatim, writeEventText } from './event-text.ts';
import type { Capture, PaypalOrder, Refund, SentEvent } from './order.ts';
import { unitOf } from './order.ts';
import { viewLoneCapture, viewOrder, viewRefund } from './views.ts';

/** Integer-like names, a number with a point of no use, an empty object: each is lost by some JSON library. */
const oddities = new Verbatim('{"10": 1.0 ,"9" : {} , "note":"\\u6e2c\\u8a66 測試 \\/"}');

interface Message {
  readonly type: string;
  readonly resourceType: string;
  readonly summary: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

function write(world: World, { type, resourceType, summary, resource }: Message): SentEvent {
  const id = `WH-${makeId(world.random)}-${makeId(world.random)}`;
  const body = writeEventText({
    summary,
    resource,
    resource_version: '2.0',
    simulator: oddities,
    event_type: type,
    links: [],
    event_version: '1.0',
    resource_type: resourceType,
    create_time: new Date(world.now()).toISOString(),
    id,
  });
  return { type, body };
}

/** Amounts read like `980.00 USD`. */
function price({ amount }: { readonly amount: Capture['amount'] }): string {
  return `${amount.value} ${amount.currency_code}`;
}

export function approvedEvent(world: World, order: PaypalOrder): SentEvent {
  return write(world, {
    type: 'CHECKOUT.ORDER.APPROVED',
    resourceType: 'checkout-order',
    summary: 'The payer approved an order',
    resource: viewOrder(order),
  });
}

/** The resource of this one is no order: it names the order, and has no `id` or `status`. */
export function reversedEvent(world: World, order: PaypalOrder): SentEvent {
  const { custom_id, invoice_id, reference_id = 'default' } = unitOf(order);
  return write(world, {
    type: 'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
    resourceType: 'checkout-order',
    summary: 'The approval of a payment was reversed',
    resource: {
      order_id: order.id,
      purchase_units: [{ reference_id, custom_id, invoice_id }],
      payment_source: { paypal: {} },
    },
  });
}

export type CaptureEvent = 'COMPLETED' | 'PENDING' | 'DENIED' | 'DECLINED';

export function captureEvent(world: World, order: PaypalOrder, capture: Capture, kind: CaptureEvent): SentEvent {
  return write(world, {
    type: `PAYMENT.CAPTURE.${kind}`,
    resourceType: 'capture',
    summary: `A capture of ${price(capture)} is ${kind.toLowerCase()}`,
    resource: viewLoneCapture(order, capture),
  });
}

/** The resource is the refund; its capture is behind the link `up`. */
export function refundedEvent(world: World, order: PaypalOrder, capture: Capture, refund: Refund): SentEvent {
  return write(world, {
    type: 'PAYMENT.CAPTURE.REFUNDED',
    resourceType: 'refund',
    summary: `A refund of ${price(refund)} was made`,
    resource: viewRefund(order, capture, refund),
  });
}

/** What a forger claims: a completed capture, of this order unless told otherwise. */
export function claimedEvent(world: World, order: PaypalOrder, changes: Partial<PaypalOrder> = {}): SentEvent {
  const claimed = { ...order, ...changes };
  const now = world.now();
  const made: Capture = order.capture ?? {
    id: makeId(world.random),
    status: 'COMPLETED',
    reason: null,
    amount: claimed.amount,
    createdAt: now,
    updatedAt: now,
  };
  const capture: Capture = { ...made, status: 'COMPLETED', reason: null, amount: claimed.amount };
  return captureEvent(world, claimed, capture, 'COMPLETED');
}
