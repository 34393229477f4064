import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { checkReturnUrl, checkWish, confirm, show, tellingOf } from './confirm.ts';
import { refuse, refuseExclusive, refuseUndone } from './failure.ts';
import { type CreateValues, createFields } from './fields.ts';
import { type Intent, makeId, orders, type PaymentMethod } from './intent.ts';
import { type KindName, kindNames, takesCurrency } from './kinds.ts';
import { checkEmail, readKind, readMethod } from './methods.ts';
import { checkBounds, checkCurrency, checkDigits, NON_CARD_MAXIMUM } from './money.ts';
import { checkExpand } from './objects.ts';
import { type Branch, readFields } from './schema.ts';
import { announce } from './settle.ts';

/** Stripe API changelog: from dahlia of that day on. */
const ALLOWED_TYPES_SINCE = '2026-07-29';
/** Stripe API changelog, endive: payment_method_types can no longer be written. */
const TYPES_GONE_SINCE = '2026-09-30';

/** The parameters that exist in that version. */
function readValues(version: string, tree: Branch): CreateValues {
  const day = version.slice(0, 10);
  const { allowed_payment_method_types: _, ...olderFields } = createFields;
  const values: CreateValues =
    day < ALLOWED_TYPES_SINCE
      ? readFields(olderFields, tree, ['amount', 'currency'])
      : readFields(createFields, tree, ['amount', 'currency']);
  if (day < TYPES_GONE_SINCE || values.payment_method_types === undefined) return values;
  return refuse(
    'payment_method_types can no longer be set on PaymentIntents. Use allowed_payment_method_types instead.',
    { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
  );
}

/** Parameters that say in different ways which methods a payer may choose from; the first one sent rules the others out. */
const TYPE_LISTS = ['allowed_payment_method_types', 'payment_method_types'] as const;

function checkExclusives(values: CreateValues): void {
  const list = TYPE_LISTS.find((name) => values[name] !== undefined);
  if (list === undefined) return;
  if (values.automatic_payment_methods?.enabled === true) refuseExclusive(list, 'automatic_payment_methods');
  const others = [...TYPE_LISTS, 'excluded_payment_method_types'] as const;
  const other = others.find((name) => name !== list && values[name] !== undefined);
  if (other !== undefined) refuseExclusive(list, other);
}

/** Stripe API reference, PaymentIntents: these go with confirm=true only. */
const CONFIRM_ONLY = ['return_url', 'error_on_requires_action'] as const;

/** Latin letters, at least one, and none of the characters that statements cannot carry. */
function checkDescriptor(values: CreateValues, name: 'statement_descriptor' | 'statement_descriptor_suffix'): void {
  const text = values[name];
  if (text === undefined) return;
  const isFine = /^[ -~]+$/.test(text) && /[A-Za-z]/.test(text) && !/[<>\\'"*]/.test(text);
  if (!isFine || (name === 'statement_descriptor' && text.length < 5)) {
    refuse(`Invalid ${name}: Latin characters with a letter among them, and none of < > \\ ' " *`, { param: name });
  }
}

/** What can be said of the parameters without looking at the account or the money. */
function checkShape(values: CreateValues): void {
  checkExclusives(values);
  const stray = values.confirm ? undefined : CONFIRM_ONLY.find((name) => values[name] !== undefined);
  if (stray !== undefined) refuse(`${stray} can only be used with confirm=true.`, { param: stray });
  for (const name of ['capture_method', 'confirmation_method'] as const) {
    if (values[name] === 'manual') refuseUndone(name, `${name}=manual`);
  }
  checkReturnUrl(values.return_url);
  checkEmail(values.receipt_email, 'receipt_email');
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
function pickTypes({ amount, currency, ...values }: CreateValues): KindName[] {
  const allowed: readonly string[] = values.allowed_payment_method_types ?? kindNames;
  const excluded = values.excluded_payment_method_types ?? [];
  const picked = kindNames.filter(
    (type) =>
      allowed.includes(type) &&
      !excluded.includes(type) &&
      takesCurrency(type, currency) &&
      (type === 'card' || amount <= NON_CARD_MAXIMUM),
  );
  return picked.length > 0 ? picked : refuseTypes('No valid payment method types for this PaymentIntent.', 'currency');
}

function resolveTypes(values: CreateValues): KindName[] {
  const { amount, currency, payment_method_types: given } = values;
  const types = given ? insistOnTypes(given, currency) : pickTypes(values);
  checkBounds(amount, currency, types.every((type) => type === 'card') ? undefined : NON_CARD_MAXIMUM);
  if (types.includes('card') && values.statement_descriptor !== undefined) {
    refuse('statement_descriptor is not supported for card payments: use statement_descriptor_suffix.', {
      param: 'statement_descriptor',
    });
  }
  return types;
}

function draftIntent(caller: Caller, values: CreateValues, method: PaymentMethod | null): Intent {
  const { world, account, livemode } = caller;
  const id = makeId(world, 'pi_3');
  const { amount, currency, payment_method_options: options = {} } = values;
  return {
    id,
    account,
    livemode,
    clientSecret: `${id}_secret_${makeId(world, '', 25)}`,
    createdAt: world.now(),
    amount,
    currency,
    fields: values,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    types: resolveTypes(values),
    options,
    method,
    attempt: null,
    lastMethod: method,
    lastError: null,
    charge: null,
    canceledAt: null,
    cancellationReason: null,
    callbacks: [],
    lastEvent: null,
  };
}

export const createIntent: Endpoint = (caller, tree) => {
  const values = readValues(caller.version, tree);
  checkCurrency(values.currency);
  checkDigits(values.amount, values.currency);
  checkShape(values);
  const method = readMethod(caller, values);
  const expand = checkExpand(values.expand);
  return async () => {
    const draft = draftIntent(caller, values, method);
    const wish = { values, method };
    if (values.confirm) checkWish(caller, draft, wish);
    const made = await announce(tellingOf(caller), orders.put(caller.world, draft), 'created');
    return show(caller, values.confirm ? await confirm(caller, made.id, wish) : made, expand);
  };
};
