import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { findAccount } from './accounts.ts';
import { type Caller, ownerOf, ownerOfKey } from './caller.ts';
import * as failure from './failure.ts';
import type { ConfirmValues, MethodValues } from './fields.ts';
import { type Card, makeId, type PaymentMethod } from './intent.ts';
import { isKind, type KindName, kindNames } from './kinds.ts';

/** Number, brand, what becomes of it, and the ids of the payment methods with it (Stripe documentation, Testing). */
const testCards: readonly (readonly [string, string, Card['outcome'], string])[] = [
  ['4242424242424242', 'visa', 'pays', 'pm_card_visa'],
  ['4000056655665556', 'visa', 'pays', ''],
  ['5555555555554444', 'mastercard', 'pays', 'pm_card_mastercard'],
  ['3566002020360505', 'jcb', 'pays', 'pm_card_jcb'],
  ['4000000000000002', 'visa', 'declined', 'pm_card_chargeDeclined pm_card_visa_chargeDeclined'],
  [
    '4000000000009995',
    'visa',
    'no_funds',
    'pm_card_chargeDeclinedInsufficientFunds pm_card_visa_chargeDeclinedInsufficientFunds',
  ],
  ['4000000000003220', 'visa', 'secure', 'pm_card_threeDSecure2Required pm_card_threeDSecureRequired'],
  ['4000002760003184', 'visa', 'secure', 'pm_card_authenticationRequired'],
];

/** What is wrong with a card once its bank is asked for money; null when it pays. */
export function errorOf(card: Card | null): failure.PaymentError | null {
  const outcome = card?.outcome ?? 'pays';
  return outcome === 'pays' || outcome === 'secure' ? null : failure.paymentErrors[outcome];
}

function makeCard(number: string, expMonth: number, expYear: number): Card {
  const known = testCards.find(([one]) => one === number);
  const [, brand, outcome] = known ?? [number, 'unknown', 'not_a_test_card'];
  return { brand, last4: number.slice(-4), expMonth, expYear, outcome };
}

/** The card behind one of Stripe's test ids; it always runs out the year after next. */
function readyCard(id: string, now: number): Card | null {
  const [number] = testCards.find(([, , , ids]) => ids.split(' ').includes(id)) ?? [];
  return number === undefined ? null : makeCard(number, 12, new Date(now).getUTCFullYear() + 2);
}

function isLuhn(number: string): boolean {
  const sum = Array.from(number)
    .reverse()
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
}

function refuseCard(code: string, param: string, message: string): never {
  throw new failure.StripeFailure(402, { type: 'card_error', code, param, message });
}

/** `card[…]` as a browser sends it. */
function readCard(values: MethodValues['card'], now: number): Card {
  if (!values) return failure.refuse('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  const { exp_month: month, exp_year } = values;
  const number = values.number.replaceAll(/[ -]/g, '');
  // Stripe counts the years of a card in full or in two digits.
  const year = exp_year < 100 ? 2000 + exp_year : exp_year;
  if (!/^\d{13,19}$/.test(number) || !isLuhn(number)) {
    refuseCard('incorrect_number', 'number', 'Your card number is incorrect.');
  }
  if (month < 1 || month > 12) refuseCard('invalid_expiry_month', 'exp_month', 'Your card’s expiry month is invalid.');
  // A card is good until the last day of its month.
  if (Date.UTC(year, month, 1) <= now) {
    refuseCard('invalid_expiry_year', 'exp_year', 'Your card’s expiry year is invalid.');
  }
  return makeCard(number, month, year);
}

/** A method made by a browser, and whose publishable key it was made with. */
interface KeptMethod extends PaymentMethod {
  readonly owner: string;
}

const openMethods = (world: World): Shelf<KeptMethod> => world.shelves.open('stripe.methods', 5000);

/** A type that is no payment method, or one that no account here has switched on. */
export function readKind(type: string, param: string): KindName {
  if (isKind(type)) return type;
  const message = `The payment method type "${type.slice(0, 40)}" is invalid or not activated for your account.`;
  return failure.refuse(message, { code: 'payment_method_unactivated', param });
}

export function checkEmail(email: string | undefined, param: string): void {
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    failure.refuse(`Invalid email address: ${email.slice(0, 100)}`, { code: 'email_invalid', param });
  }
}

type Details = Partial<Pick<PaymentMethod, 'billing' | 'bank' | 'card'>>;

function makeMethod(world: World, type: KindName, details: Details = {}): PaymentMethod {
  const { billing = {}, bank = null, card = null } = details;
  return { id: makeId(world, 'pm_1'), type, createdAt: world.now(), billing, card, bank };
}

/** For whoever pays without having chosen anything: a person at the console. */
export const standardMethod = (world: World, type: KindName): PaymentMethod =>
  makeMethod(world, type, { card: type === 'card' ? readyCard('pm_card_visa', world.now()) : null });

/** `payment_method_data`, or the same fields of `POST /v1/payment_methods` with `path` empty. */
function readData(world: World, data: MethodValues, path: string): PaymentMethod {
  const at = (...names: readonly string[]) => {
    const [head = '', ...rest] = path === '' ? names : [path, ...names];
    return head + rest.map((name) => `[${name}]`).join('');
  };
  const type = readKind(data.type, at('type'));
  const stray = kindNames.find((name) => name !== type && data[name] !== undefined);
  if (stray !== undefined) failure.refuse(`${at(stray)} does not go with type ${type}.`, { param: at(stray) });
  const { billing_details: billing = {}, fpx } = data;
  checkEmail(billing.email, at('billing_details', 'email'));
  if (type === 'promptpay' && billing.email === undefined) failure.refuseMissing(at('billing_details', 'email'));
  if (type === 'fpx' && fpx === undefined) failure.refuseMissing(at('fpx', 'bank'));
  const card = type === 'card' ? readCard(data.card, world.now()) : null;
  return makeMethod(world, type, { billing, bank: fpx?.bank ?? null, card });
}

/** Whether a method made with that publishable key is the caller's. */
function isOwn(caller: Caller, kept: KeptMethod): boolean {
  if (caller.publishableKey !== null) return kept.owner === ownerOf(caller);
  const { publishableKey } = findAccount(caller.world, caller.account);
  return publishableKey === null || kept.owner === ownerOfKey(publishableKey);
}

function findMethod(caller: Caller, id: string): PaymentMethod {
  const { world } = caller;
  const card = readyCard(id, world.now());
  if (card) return makeMethod(world, 'card', { card });
  const kept = openMethods(world).get(id);
  if (!kept || !isOwn(caller, kept)) return failure.refuseUnknown('PaymentMethod', id, 400, 'payment_method');
  const { owner: _, ...method } = kept;
  return method;
}

/** The method that a call names or describes; null when it does neither. */
export function readMethod(caller: Caller, values: ConfirmValues): PaymentMethod | null {
  const { payment_method: id, payment_method_data: data } = values;
  if (id !== undefined && data !== undefined) failure.refuseExclusive('payment_method', 'payment_method_data');
  if (data !== undefined) return readData(caller.world, data, 'payment_method_data');
  return id === undefined ? null : findMethod(caller, id);
}

/** Keeps what a browser typed into Stripe's frame; the shop's page gets the id only. */
export function keepMethod(caller: Caller, values: MethodValues): PaymentMethod {
  const method = readData(caller.world, values, '');
  openMethods(caller.world).put(method.id, { ...method, owner: ownerOf(caller) });
  return method;
}
