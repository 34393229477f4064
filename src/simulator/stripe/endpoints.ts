import { isSame } from '../digest.ts';
import { findAccount } from './accounts.ts';
import type { Endpoint } from './api.ts';
import type { Caller } from './caller.ts';
import { checkOpen, checkReturnUrl, confirm, show, tellingOf } from './confirm.ts';
import { refuse, refuseMissing, refuseUnknown } from './failure.ts';
import * as fields from './fields.ts';
import { type Intent, orders } from './intent.ts';
import { checkEmail, keepMethod, readMethod } from './methods.ts';
import { checkExpand, viewMethod } from './objects.ts';
import { readFields, type Values } from './schema.ts';
import { cancel } from './settle.ts';

/** A browser has to bring the client_secret, a key of the same mode and, once told, the account's own key. */
function isOwn({ world, account, livemode, publishableKey }: Caller, intent: Intent): boolean {
  if (publishableKey === null) return intent.account === account;
  const own = findAccount(world, intent.account).publishableKey;
  return intent.livemode === livemode && (own === null || own === publishableKey);
}

/** Throws 404 alike for what is not there and for what belongs to somebody else. */
function findIntent(caller: Caller, id: string, clientSecret?: string): Intent {
  const intent = orders.shelf(caller.world).get(id);
  if (caller.publishableKey !== null && clientSecret === undefined) refuseMissing('client_secret');
  const isRight =
    intent && isOwn(caller, intent) && (clientSecret === undefined || isSame(intent.clientSecret, clientSecret));
  return isRight ? intent : refuseUnknown('payment_intent', id, 404, 'intent');
}

export const retrieveIntent: Endpoint = (caller, tree, [id = '']) => {
  const values: Values<typeof fields.retrieveFields> =
    caller.publishableKey === null
      ? readFields(fields.retrieveFields, tree)
      : readFields(fields.browserRetrieveFields, tree);
  const expand = checkExpand(values.expand);
  return () => show(caller, findIntent(caller, id, values.client_secret), expand);
};

export const confirmIntent: Endpoint = (caller, tree, [id = '']) => {
  const values: fields.ConfirmValues =
    caller.publishableKey === null
      ? readFields(fields.confirmFields, tree)
      : readFields(fields.browserConfirmFields, tree);
  checkReturnUrl(values.return_url);
  checkEmail(values.receipt_email, 'receipt_email');
  const method = readMethod(caller, values);
  const { expected_payment_method_type: expected } = values;
  if (expected && method && expected !== method.type) {
    refuse(`You specified expected_payment_method_type ${expected}, the PaymentMethod is of type ${method.type}.`, {
      param: 'expected_payment_method_type',
    });
  }
  const expand = checkExpand(values.expand);
  return async () => {
    const intent = findIntent(caller, id, values.client_secret);
    return show(caller, await confirm(caller, intent.id, { values, method }), expand);
  };
};

export const cancelIntent: Endpoint = (caller, tree, [id = '']) => {
  const { cancellation_reason = null, expand: wanted } = readFields(fields.cancelFields, tree);
  const expand = checkExpand(wanted);
  return async () => {
    const intent = findIntent(caller, id);
    checkOpen(caller, intent, 'cancel');
    return show(caller, await cancel(tellingOf(caller), intent, cancellation_reason), expand);
  };
};

/** `POST /v1/payment_methods`, from the frame that takes card numbers. */
export const createMethod: Endpoint = (caller, tree) => {
  if (caller.publishableKey === null) return refuse('The simulator makes payment methods for browsers only.');
  const values = readFields(fields.browserMethodFields, tree, ['type']);
  return () => viewMethod(keepMethod(caller, values), caller.livemode);
};

/** `GET /v1/balance`: nothing on it, but the key is right. */
export const retrieveBalance: Endpoint = (caller, tree) => {
  readFields(fields.lookFields, tree);
  const none = [{ amount: 0, currency: 'usd', source_types: { card: 0 } }];
  return () => ({ object: 'balance', available: none, livemode: caller.livemode, pending: none });
};

export const retrieveAccount: Endpoint = (caller, tree) => {
  readFields(fields.lookFields, tree);
  return () => ({
    id: caller.account,
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
