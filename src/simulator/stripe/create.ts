import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { checkReturnUrl, checkWish, confirm, readWish, show, tellingOf } from './confirm.ts';
import { refuse, refuseUndone } from './failure.ts';
import { createFields } from './fields.ts';
import { makeId } from './ids.ts';
import { type Intent, openIntents, type PaymentMethod } from './intent.ts';
import { type KindName, kindNames, takesCurrency } from './kinds.ts';
import { checkEmail, readKind, readMethod } from './methods.ts';
import { checkBounds, checkCurrency, checkDigits, NON_CARD_MAXIMUM } from './money.ts';
import { checkExpand } from './objects.ts';
import { flagAt, groupAt, integerAt, pairsAt, readFields, textAt, textsAt, type Values } from './schema.ts';
import { announce } from './settle.ts';
import { checkVersion, fieldsIn } from './version.ts';

/** Parameters that say in different ways which methods a payer may choose from; the first one sent rules the others out. */
const TYPE_LISTS = ['allowed_payment_method_types', 'payment_method_types'] as const;

function checkExclusives(values: Values): void {
  const list = TYPE_LISTS.find((name) => values[name] !== undefined);
  if (list === undefined) return;
  const isAutomatic = flagAt(values, 'automatic_payment_methods', 'enabled') === true;
  const others = [...TYPE_LISTS, 'excluded_payment_method_types'].filter((name) => name !== list);
  const other = isAutomatic ? 'automatic_payment_methods' : others.find((name) => values[name] !== undefined);
  if (other === undefined) return;
  refuse(`You may only specify one of these parameters: ${list}, ${other}.`, {
    code: 'parameters_exclusive',
    param: other,
  });
}

/** Stripe API reference, PaymentIntents: these go with confirm=true only. */
const CONFIRM_ONLY = ['return_url', 'error_on_requires_action'] as const;

function checkConfirmOnly(values: Values): void {
  if (flagAt(values, 'confirm') === true) return;
  const stray = CONFIRM_ONLY.find((name) => values[name] !== undefined);
  if (stray !== undefined) refuse(`${stray} can only be used with confirm=true.`, { param: stray });
}

/** Latin letters, at least one, and none of the characters that statements cannot carry. */
function checkDescriptor(values: Values, name: string): void {
  const text = textAt(values, name);
  if (text === null) return;
  const isFine = /^[ -~]+$/.test(text) && /[A-Za-z]/.test(text) && !/[<>\\'"*]/.test(text);
  if (!isFine || (name === 'statement_descriptor' && text.length < 5)) {
    refuse(`Invalid ${name}: Latin characters with a letter among them, and none of < > \\ ' " *`, { param: name });
  }
}

/** What can be said of the parameters without looking at the account or the money. */
function checkShape(values: Values): void {
  checkExclusives(values);
  checkConfirmOnly(values);
  if (textAt(values, 'capture_method') === 'manual') refuseUndone('capture_method', 'capture_method=manual');
  if (textAt(values, 'confirmation_method') === 'manual')
    refuseUndone('confirmation_method', 'confirmation_method=manual');
  checkReturnUrl(textAt(values, 'return_url'));
  checkEmail(textAt(values, 'receipt_email'), 'receipt_email');
  checkDescriptor(values, 'statement_descriptor');
  checkDescriptor(values, 'statement_descriptor_suffix');
}

function refuseTypes(message: string, param: string): never {
  return refuse(message, { code: 'payment_intent_invalid_parameter', param });
}

/** Types that the shop insists on: one that does not fit is an error. */
function insistOnTypes(types: readonly string[], currency: string): KindName[] {
  const param = 'payment_method_types';
  const named = types.map((type, at) => readKind(type, `${param}[${at}]`));
  if (named.length === 0 || new Set(named).size < named.length) refuseTypes('Invalid payment_method_types', param);
  const misfit = named.find((type) => !takesCurrency(type, currency));
  if (misfit !== undefined) {
    refuseTypes(`The currency provided (${currency}) is invalid for the payment method type ${misfit}.`, param);
  }
  return named;
}

/** Types that Stripe chooses, of those that the shop lets it choose from: what does not fit is left out without a word. */
function pickTypes(values: Values, amount: number, currency: string): KindName[] {
  const allowed = textsAt(values, 'allowed_payment_method_types') ?? kindNames;
  const excluded = textsAt(values, 'excluded_payment_method_types') ?? [];
  const picked = kindNames.filter(
    (type) =>
      allowed.includes(type) &&
      !excluded.includes(type) &&
      takesCurrency(type, currency) &&
      (type === 'card' || amount <= NON_CARD_MAXIMUM),
  );
  return picked.length > 0 ? picked : refuseTypes('No valid payment method types for this PaymentIntent.', 'currency');
}

function resolveTypes(values: Values, amount: number, currency: string): KindName[] {
  const given = textsAt(values, 'payment_method_types');
  const types = given ? insistOnTypes(given, currency) : pickTypes(values, amount, currency);
  const isCardOnly = types.every((type) => type === 'card');
  checkBounds(amount, currency, isCardOnly ? undefined : NON_CARD_MAXIMUM);
  if (types.includes('card') && textAt(values, 'statement_descriptor') !== null) {
    refuse('statement_descriptor is not supported for card payments: use statement_descriptor_suffix.', {
      param: 'statement_descriptor',
    });
  }
  return types;
}

function draftIntent(caller: Caller, account: string, values: Values, method: PaymentMethod | null): Intent {
  const { world, livemode } = caller;
  const id = makeId(world.random, 'pi_3', 23);
  const amount = integerAt(values, 'amount') ?? 0;
  const currency = textAt(values, 'currency') ?? '';
  const hasTypes = textsAt(values, 'payment_method_types') !== null;
  const allowRedirects = textAt(values, 'automatic_payment_methods', 'allow_redirects') ?? 'always';
  return {
    id,
    account,
    livemode,
    clientSecret: `${id}_secret_${makeId(world.random, '', 25)}`,
    createdAt: world.now(),
    amount,
    currency,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    types: resolveTypes(values, amount, currency),
    automatic: hasTypes ? null : { allowRedirects },
    options: groupAt(values, 'payment_method_options') ?? {},
    metadata: pairsAt(values, 'metadata'),
    description: textAt(values, 'description'),
    receiptEmail: textAt(values, 'receipt_email'),
    shipping: groupAt(values, 'shipping'),
    descriptor: textAt(values, 'statement_descriptor'),
    descriptorSuffix: textAt(values, 'statement_descriptor_suffix'),
    method,
    attempt: null,
    lastMethod: method,
    lastError: null,
    charge: null,
    canceledAt: null,
    cancellationReason: null,
    fields: values,
    callbacks: [],
    lastEvent: null,
  };
}

/** `POST /v1/payment_intents` */
export const createIntent: Endpoint = (caller, tree) => {
  const { who, world } = caller;
  if (who.kind !== 'merchant') return refuse('A secret key is needed.');
  const values = readFields(fieldsIn(who.version, createFields), tree, ['amount', 'currency']);
  checkVersion(who.version, values);
  checkCurrency(textAt(values, 'currency') ?? '');
  checkDigits(integerAt(values, 'amount') ?? 0, textAt(values, 'currency') ?? '');
  checkShape(values);
  const method = readMethod(caller, values);
  const expand = checkExpand(textsAt(values, 'expand') ?? []);
  return async () => {
    const isConfirmed = flagAt(values, 'confirm') === true;
    const draft = draftIntent(caller, who.account, values, method);
    const wish = readWish(values, method);
    if (isConfirmed) checkWish(caller, draft, wish);
    const made = await announce(world, openIntents(world).put(draft.id, draft), tellingOf(caller));
    return show(caller, isConfirmed ? await confirm(caller, made.id, wish) : made, expand);
  };
};
