import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { findAccount } from './accounts.ts';
import { type Caller, ownerOf, ownerOfKey } from './caller.ts';
import { readCard, readyCard } from './cards.ts';
import { refuse, refuseExclusive, refuseMissing, refuseUnknown } from './failure.ts';
import type { ConfirmValues, MethodValues } from './fields.ts';
import { makeId, type PaymentMethod } from './intent.ts';
import { isKind, type KindName, kindNames } from './kinds.ts';

/** A method made by a browser, and whose publishable key it was made with. */
interface KeptMethod extends PaymentMethod {
  readonly owner: string;
}

const openMethods = (world: World): Shelf<KeptMethod> => world.shelves.open('stripe.methods', 5000);

/** A type that is no payment method, or one that no account here has switched on. */
export function readKind(type: string, param: string): KindName {
  if (isKind(type)) return type;
  const message = `The payment method type "${type.slice(0, 40)}" is invalid or not activated for your account.`;
  return refuse(message, { code: 'payment_method_unactivated', param });
}

export function checkEmail(email: string | undefined, param: string): void {
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    refuse(`Invalid email address: ${email.slice(0, 100)}`, { code: 'email_invalid', param });
  }
}

type Details = Partial<Pick<PaymentMethod, 'billing' | 'bank' | 'card'>>;

function makeMethod(world: World, type: KindName, details: Details = {}): PaymentMethod {
  const { billing = {}, bank = null, card = null } = details;
  return { id: makeId(world, 'pm_1'), type, createdAt: world.now(), billing, card, bank };
}

/** For whoever pays without having chosen anything: a person at the console. */
export function standardMethod(world: World, type: KindName): PaymentMethod {
  return makeMethod(world, type, { card: type === 'card' ? readyCard('pm_card_visa', world.now()) : null });
}

/** `payment_method_data`, or the same fields of `POST /v1/payment_methods` with `path` empty. */
function readData(world: World, data: MethodValues, path: string): PaymentMethod {
  const at = (...names: readonly string[]) => {
    const [head = '', ...rest] = path === '' ? names : [path, ...names];
    return head + rest.map((name) => `[${name}]`).join('');
  };
  const type = readKind(data.type, at('type'));
  const stray = kindNames.find((name) => name !== type && data[name] !== undefined);
  if (stray !== undefined) refuse(`${at(stray)} does not go with type ${type}.`, { param: at(stray) });
  const { billing_details: billing = {}, fpx } = data;
  checkEmail(billing.email, at('billing_details', 'email'));
  if (type === 'promptpay' && billing.email === undefined) refuseMissing(at('billing_details', 'email'));
  if (type === 'fpx' && fpx === undefined) refuseMissing(at('fpx', 'bank'));
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
  if (!kept || !isOwn(caller, kept)) return refuseUnknown('PaymentMethod', id, 400, 'payment_method');
  const { owner: _, ...method } = kept;
  return method;
}

/** The method that a call names or describes; null when it does neither. */
export function readMethod(caller: Caller, values: ConfirmValues): PaymentMethod | null {
  const { payment_method: id, payment_method_data: data } = values;
  if (id !== undefined && data !== undefined) refuseExclusive('payment_method', 'payment_method_data');
  if (data !== undefined) return readData(caller.world, data, 'payment_method_data');
  return id === undefined ? null : findMethod(caller, id);
}

/** Keeps what a browser typed into Stripe's frame; the shop's page gets the id only. */
export function keepMethod(caller: Caller, values: MethodValues): PaymentMethod {
  const method = readData(caller.world, values, '');
  openMethods(caller.world).put(method.id, { ...method, owner: ownerOf(caller) });
  return method;
}
