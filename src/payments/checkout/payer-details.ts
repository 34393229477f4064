import { checkFields, type Field } from '../../core/fields.ts';
import { BUYER_FIELDS, type BuyerField, findMissing } from '../../core/payer.ts';
import type { Payment } from '../../core/payment.ts';
import { UNCHOSEN } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Asked } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { CREATE_FIELDS } from '../create/request.ts';

/** What a gateway wants to know of the payer, and is asked on the page when the request did not bring it. */

/** More than a shop is asked for: here somebody can be told at once. */
const PHONE = /^\+?(?=(?:\D*\d){6})[\d\s().-]{6,30}$/;
const PATTERNS: Readonly<Partial<Record<BuyerField, RegExp>>> = {
  buyer_name: /^(?=.*\S)[^\p{Cc}]+$/u,
  buyer_mobile: PHONE,
  buyer_phone: PHONE,
  buyer_tel: PHONE,
};

function fieldOf(name: BuyerField): Field {
  const field = CREATE_FIELDS.find((one) => one.name === name);
  if (!field) throw new Error(`no request has a field ${name}`);
  const pattern = PATTERNS[name];
  return { ...field, required: true, ...(pattern ? { pattern } : {}) };
}

/** What the page asks before the method that was chosen can be used. */
export function listAsked(deps: Pick<Deps, 'gateways'>, payment: Payment): readonly Asked[] {
  return findMissingOf(deps, payment).map((field) => ({ field, value: '', isWrong: false }));
}

function findMissingOf(deps: Pick<Deps, 'gateways'>, payment: Payment): readonly BuyerField[] {
  if (payment.gateway === UNCHOSEN || payment.status !== 'pending') return [];
  return findMissing(deps.gateways.methodOf(payment).method, payment.order);
}

/** More than any field takes, so that what is cut is refused all the same. */
const LONGEST = 200;

export type DetailsResult =
  | { readonly type: 'complete'; readonly found: PaymentWithAttempt }
  /** Something that was sent is no such thing: all of it, to be shown again. */
  | { readonly type: 'missing'; readonly asked: readonly Asked[] };

/** Keeps what the payer has filled in, once all of it is right. */
export async function takeDetails(
  deps: Pick<Deps, 'gateways' | 'store' | 'clock'>,
  found: PaymentWithAttempt,
  form: URLSearchParams,
): Promise<DetailsResult> {
  const { payment } = found;
  const missing = findMissingOf(deps, payment);
  if (missing.length === 0) return { type: 'complete', found };
  const { canUse = () => true } = deps.gateways.methodOf(payment).method;
  const asked = missing.map((field): Asked => {
    const value = (form.get(field) ?? '').slice(0, LONGEST).toWellFormed().trim();
    const { errors } = checkFields({ [field]: value }, [fieldOf(field)]);
    return { field, value, isWrong: errors[field] !== undefined || !canUse(field, value) };
  });
  if (asked.some(({ isWrong }) => isWrong)) return { type: 'missing', asked };
  const details = Object.fromEntries(asked.map(({ field, value }) => [BUYER_FIELDS[field], value]));
  await deps.store.completeOrder(payment.id, details, deps.clock.now());
  return { type: 'complete', found: (await deps.store.findPayment(payment.paymentNo)) ?? found };
}
