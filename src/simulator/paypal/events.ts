import type { World } from '../world.ts';
import {
  type Capture,
  type CapturedOrder,
  makeId,
  type PaypalOrder,
  type Refund,
  type SentEvent,
  unitOf,
} from './order.ts';
import { type Shown, viewLoneCapture, viewOrder } from './views.ts';

/** Integer-like names, a number with a point of no use, an empty object: each is lost by some JSON library. */
const oddities = '{"10": 1.0 ,"9" : {} , "note":"\\u6e2c\\u8a66 測試 \\/"}';

function escapeUnits(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}

/** Slashes and every second character beyond ASCII are escaped; both are allowed and neither is needed. */
const writeString = (text: string): string =>
  JSON.stringify(text)
    .replaceAll('/', '\\/')
    .replace(/[^\p{ASCII}]/gu, (character) =>
      (character.codePointAt(0) ?? 0) % 2 === 0 ? escapeUnits(character) : character,
    );

/**
 * JSON that no library writes again byte for byte. A shop that parses an event and serialises it anew before it has it
 * verified gets FAILURE here, as it now and then does from PayPal.
 */
function writeOddly(value: unknown): string {
  if (value === oddities) return oddities;
  if (typeof value === 'string') return writeString(value);
  if (Array.isArray(value)) return `[${value.map(writeOddly).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner], at) => `${writeString(name)}${at % 3 === 0 ? ' : ' : ':'}${writeOddly(inner)}`);
  return members.length === 0 ? '{}' : `{${members.join(', ')} }`;
}

/** Writes an event about an order as it is. */
type Wording<T extends PaypalOrder = PaypalOrder> = (world: World, order: T) => SentEvent;

function write(world: World, type: string, resource_type: string, summary: string, resource: Shown): SentEvent {
  const id = `WH-${makeId(world)}-${makeId(world)}`;
  const body = writeOddly({
    summary,
    resource,
    resource_version: '2.0',
    simulator: oddities,
    event_type: type,
    links: [],
    event_version: '1.0',
    resource_type,
    create_time: new Date(world.now()).toISOString(),
    id,
  });
  return { type, body };
}

const price = ({ amount }: Pick<Capture, 'amount'>): string => `${amount.value} ${amount.currency_code}`;

export const approvedEvent: Wording = (world, order) =>
  write(world, 'CHECKOUT.ORDER.APPROVED', 'checkout-order', 'The payer approved an order', viewOrder(order));

/** The resource of this one is no order: it names the order, and has no `id` or `status`. */
export const reversedEvent: Wording = (world, order) => {
  const { custom_id, invoice_id, reference_id = 'default' } = unitOf(order);
  const purchase_units = [{ reference_id, custom_id, invoice_id }];
  const resource = { order_id: order.id, purchase_units, payment_source: { paypal: {} } };
  const summary = 'The approval of a payment was reversed';
  return write(world, 'CHECKOUT.PAYMENT-APPROVAL.REVERSED', 'checkout-order', summary, resource);
};

/** What became of a capture, which is told otherwise when somebody settled it. */
export const captureEvent =
  (settled?: 'COMPLETED' | 'DENIED'): Wording<CapturedOrder> =>
  (world, order) => {
    const { capture } = order;
    const kind = settled ?? (['PENDING', 'DECLINED'].includes(capture.status) ? capture.status : 'COMPLETED');
    const summary = `A capture of ${price(capture)} is ${kind.toLowerCase()}`;
    return write(world, `PAYMENT.CAPTURE.${kind}`, 'capture', summary, viewLoneCapture(order));
  };

/** The resource is the refund; its capture is behind the link `up`. */
export function refundedEvent(refund: Refund): Wording {
  const summary = `A refund of ${price(refund)} was made`;
  return (world) => write(world, 'PAYMENT.CAPTURE.REFUNDED', 'refund', summary, refund.shown);
}

/** What a forger claims: a completed capture, of this order unless told otherwise. */
export function claimedEvent(world: World, order: PaypalOrder, changes: Partial<PaypalOrder> = {}): SentEvent {
  const claimed = { ...order, ...changes };
  const now = world.now();
  const made = order.capture ?? { id: makeId(world), createdAt: now, updatedAt: now };
  const capture: Capture = { ...made, status: 'COMPLETED', reason: null, amount: claimed.amount };
  return captureEvent('COMPLETED')(world, { ...claimed, capture });
}
