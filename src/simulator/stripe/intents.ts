import { timingSafeEqual } from 'node:crypto';
import { findAccount } from './accounts.ts';
import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { checkReturnUrl, confirm, readWish, refuseState, show, tellingOf } from './confirm.ts';
import { missingObject, refuse, refuseMissing } from './failure.ts';
import {
  browserConfirmFields,
  browserMethodFields,
  browserRetrieveFields,
  cancelFields,
  confirmFields,
  lookFields,
  retrieveFields,
} from './fields.ts';
import { hashText } from './ids.ts';
import { type Intent, openIntents, type Status } from './intent.ts';
import { checkEmail, keepMethod, readMethod } from './methods.ts';
import { checkExpand, viewMethod } from './objects.ts';
import { readFields, textAt, textsAt, type Values } from './schema.ts';
import { cancel } from './settle.ts';

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashText(one)), Buffer.from(hashText(other)));
}

/** A browser has to bring the client_secret, a key of the same mode and, once told, the account's own key. */
function isForBrowser(intent: Intent, caller: Caller, clientSecret: string): boolean {
  if (caller.who.kind !== 'browser') return false;
  const { publishableKey } = findAccount(caller.world, intent.account);
  const isOwnKey = publishableKey === null || publishableKey === caller.who.publishableKey;
  return isOwnKey && intent.livemode === caller.livemode && isSame(intent.clientSecret, clientSecret);
}

/** Throws 404 alike for what is not there and for what belongs to somebody else. */
export function findIntent(caller: Caller, id: string, values: Values): Intent {
  const { who, world } = caller;
  const intent = openIntents(world).get(id);
  const clientSecret = textAt(values, 'client_secret');
  if (who.kind === 'browser' && clientSecret === null) refuseMissing('client_secret');
  const isAllowed =
    intent !== undefined &&
    (who.kind === 'merchant'
      ? intent.account === who.account && (clientSecret === null || isSame(intent.clientSecret, clientSecret))
      : isForBrowser(intent, caller, clientSecret ?? ''));
  if (!intent || !isAllowed) throw missingObject('payment_intent', id, 404, 'intent');
  return intent;
}

/** `GET /v1/payment_intents/{id}` */
export const retrieveIntent: Endpoint = (caller, tree, [id = '']) => {
  const values = readFields(caller.who.kind === 'browser' ? browserRetrieveFields : retrieveFields, tree);
  const expand = checkExpand(textsAt(values, 'expand') ?? []);
  return () => show(caller, findIntent(caller, id, values), expand);
};

function checkExpected(values: Values, type: string | undefined): void {
  const expected = textAt(values, 'expected_payment_method_type');
  if (expected === null || type === undefined || expected === type) return;
  refuse(`You specified expected_payment_method_type ${expected}, the PaymentMethod is of type ${type}.`, {
    param: 'expected_payment_method_type',
  });
}

/** `POST /v1/payment_intents/{id}/confirm` */
export const confirmIntent: Endpoint = (caller, tree, [id = '']) => {
  const values = readFields(caller.who.kind === 'browser' ? browserConfirmFields : confirmFields, tree);
  checkReturnUrl(textAt(values, 'return_url'));
  checkEmail(textAt(values, 'receipt_email'), 'receipt_email');
  const method = readMethod(caller, values);
  checkExpected(values, method?.type);
  const expand = checkExpand(textsAt(values, 'expand') ?? []);
  return async () => {
    const intent = findIntent(caller, id, values);
    return show(caller, await confirm(caller, intent.id, readWish(values, method)), expand);
  };
};

const cancelable: readonly Status[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** `POST /v1/payment_intents/{id}/cancel` */
export const cancelIntent: Endpoint = (caller, tree, [id = '']) => {
  const values = readFields(cancelFields, tree);
  const expand = checkExpand(textsAt(values, 'expand') ?? []);
  return async () => {
    const intent = findIntent(caller, id, {});
    if (!cancelable.includes(intent.status)) {
      refuseState(caller, intent, `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`);
    }
    const reason = textAt(values, 'cancellation_reason');
    return show(caller, await cancel(caller.world, intent, reason, tellingOf(caller)), expand);
  };
};

/** `POST /v1/payment_methods`, from the frame that takes card numbers. */
export const createMethod: Endpoint = (caller, tree) => {
  if (caller.who.kind !== 'browser') return refuse('The simulator makes payment methods for browsers only.');
  const values = readFields(browserMethodFields, tree, ['type']);
  return () => viewMethod(keepMethod(caller, values), caller.livemode);
};

/** `GET /v1/balance`: nothing on it, but the key is right. */
export const retrieveBalance: Endpoint = (caller, tree) => {
  readFields(lookFields, tree);
  const none = [{ amount: 0, currency: 'usd', source_types: { card: 0 } }];
  return () => ({ object: 'balance', available: none, livemode: caller.livemode, pending: none });
};

/** `GET /v1/account` */
export const retrieveAccount: Endpoint = (caller, tree) => {
  readFields(lookFields, tree);
  return () => ({
    id: caller.who.kind === 'merchant' ? caller.who.account : '',
    object: 'account',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'SG',
    default_currency: 'sgd',
    details_submitted: true,
    email: 'simulator@example.com',
    payouts_enabled: true,
    type: 'standard',
  });
};
