import type { World } from '../world.ts';
import { findAccount } from './accounts.ts';
import { type Caller, ownerOf, ownerOfKey } from './caller.ts';
import { readCard, readyCard, standardCard } from './cards.ts';
import { missingObject, refuse, refuseMissing } from './failure.ts';
import { makeId } from './ids.ts';
import { type KeptMethod, openMethods, type PaymentMethod } from './intent.ts';
import { isKind, type KindName, kindNames } from './kinds.ts';
import { groupAt, textAt, type Values } from './schema.ts';

/** A type that is no payment method, or one that no account here has switched on. */
export function readKind(type: string, param: string): KindName {
  if (isKind(type)) return type;
  const message = `The payment method type "${type.slice(0, 40)}" is invalid or not activated for your account.`;
  return refuse(message, { code: 'payment_method_unactivated', param });
}

export function checkEmail(email: string | null, param: string): void {
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    refuse(`Invalid email address: ${email.slice(0, 100)}`, { code: 'email_invalid', param });
  }
}

interface Making {
  readonly world: World;
  readonly type: KindName;
  readonly billing?: Values | null;
  readonly bank?: string | null;
  readonly card?: PaymentMethod['card'];
}

export function makeMethod({ world, type, billing = {}, bank = null, card = null }: Making): PaymentMethod {
  const id = makeId(world.random, 'pm_1', 23);
  return { id, type, createdAt: world.now(), billing: billing ?? {}, card, bank };
}

/** For whoever pays without having chosen anything: a person at the console. */
export function standardMethod(world: World, type: KindName): PaymentMethod {
  return makeMethod({ world, type, card: type === 'card' ? standardCard(world.now()) : null });
}

/** `payment_method_data`, or the same fields of `POST /v1/payment_methods` with `path` empty. */
function readData(world: World, data: Values, path: string): PaymentMethod {
  const at = (...names: readonly string[]) => {
    const [head = '', ...rest] = path === '' ? names : [path, ...names];
    return head + rest.map((name) => `[${name}]`).join('');
  };
  const type = readKind(textAt(data, 'type') ?? '', at('type'));
  const stray = kindNames.find((name) => name !== type && data[name] !== undefined);
  if (stray !== undefined) refuse(`${at(stray)} does not go with type ${type}.`, { param: at(stray) });
  const billing = groupAt(data, 'billing_details');
  checkEmail(textAt(data, 'billing_details', 'email'), at('billing_details', 'email'));
  if (type === 'promptpay' && textAt(data, 'billing_details', 'email') === null) {
    refuseMissing(at('billing_details', 'email'));
  }
  const bank = textAt(data, 'fpx', 'bank');
  if (type === 'fpx' && bank === null) refuseMissing(at('fpx', 'bank'));
  // Card numbers come from browsers only; to a server the field is unknown.
  const card = type === 'card' ? readCard(groupAt(data, 'card'), world.now()) : null;
  return makeMethod({ world, type, billing, bank, card });
}

/** Whether a method made with that publishable key is the caller's. */
function isOwn(caller: Caller, kept: KeptMethod): boolean {
  if (caller.who.kind === 'browser') return kept.owner === ownerOf(caller);
  const { publishableKey } = findAccount(caller.world, caller.who.account);
  return publishableKey === null || kept.owner === ownerOfKey(publishableKey);
}

function findMethod(caller: Caller, id: string): PaymentMethod {
  const { world } = caller;
  const card = readyCard(id, world.now());
  if (card) return makeMethod({ world, type: 'card', card });
  const kept = openMethods(world).get(id);
  if (!kept || !isOwn(caller, kept)) throw missingObject('PaymentMethod', id, 400, 'payment_method');
  const { owner: _, ...method } = kept;
  return method;
}

/** The method that a call names or describes; null when it does neither. */
export function readMethod(caller: Caller, values: Values): PaymentMethod | null {
  const id = textAt(values, 'payment_method');
  const data = groupAt(values, 'payment_method_data');
  if (id !== null && data !== null) {
    refuse('You may only specify one of these parameters: payment_method, payment_method_data.', {
      code: 'parameters_exclusive',
      param: 'payment_method_data',
    });
  }
  if (data !== null) return readData(caller.world, data, 'payment_method_data');
  return id === null ? null : findMethod(caller, id);
}

/** Keeps what a browser typed into Stripe's frame; the shop's page gets the id only. */
export function keepMethod(caller: Caller, values: Values): PaymentMethod {
  const method = readData(caller.world, values, '');
  openMethods(caller.world).put(method.id, { ...method, owner: ownerOf(caller) });
  return method;
}
