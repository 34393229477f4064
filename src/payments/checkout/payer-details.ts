import { checkFields, type Field } from '../../core/fields.ts';
import type { Order, Payment } from '../../core/payment.ts';
import { UNCHOSEN } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Method } from '../../gateways/gateway.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { CREATE_FIELDS } from '../create/request.ts';

/** What a gateway wants to know of the payer, and is asked on the page when the request did not bring it. */

const KNOWN: Readonly<Record<string, (order: Order) => string | undefined>> = {
  buyer_email: (order) => order.buyerEmail,
  buyer_mobile: (order) => order.buyerMobile,
  buyer_phone: (order) => order.buyerPhone,
};

/** Fields that the page can ask for, by what they are of an order. */
const ASKED = { buyer_email: 'buyerEmail' } as const satisfies Readonly<Record<string, keyof Order>>;
export type AskedField = keyof typeof ASKED;
const FIELDS: readonly Field[] = CREATE_FIELDS.filter(({ name }) => name in ASKED);

/** What has to be asked before the method can be used; null: nothing is missing. */
export function findMissing({ needsOneOf }: Pick<Method, 'needsOneOf'>, order: Order): AskedField | null {
  if (!needsOneOf || needsOneOf.some((name) => KNOWN[name]?.(order) !== undefined)) return null;
  return needsOneOf.find((name): name is AskedField => name in ASKED) ?? null;
}

/** The same of the method that was chosen. */
export function findMissingOf(deps: Pick<Deps, 'gateways'>, payment: Payment): AskedField | null {
  if (payment.gateway === UNCHOSEN) return null;
  return findMissing(deps.gateways.methodOf(payment).method, payment.order);
}

/** More than the field takes, so that what is cut is refused all the same. */
const LONGEST = 200;

export type DetailsResult =
  | { readonly type: 'complete'; readonly found: PaymentWithAttempt }
  /** What was sent, when anything was, is no such thing. */
  | { readonly type: 'missing'; readonly sent: string };

/** Keeps what the payer has filled in. */
export async function takeDetails(
  deps: Pick<Deps, 'gateways' | 'store' | 'clock'>,
  found: PaymentWithAttempt,
  form: URLSearchParams,
): Promise<DetailsResult> {
  const missing = findMissingOf(deps, found.payment);
  if (missing === null || found.payment.status !== 'pending') return { type: 'complete', found };
  const sent = (form.get(missing) ?? '').slice(0, LONGEST).toWellFormed().trim();
  const { values } = checkFields({ [missing]: sent }, FIELDS);
  const value = values[missing];
  if (typeof value !== 'string') return { type: 'missing', sent };
  await deps.store.completeOrder(found.payment.id, { [ASKED[missing]]: value }, deps.clock.now());
  const now = await deps.store.findPayment(found.payment.paymentNo);
  return { type: 'complete', found: now ?? found };
}
