import { readInput } from '../console-input.ts';
import { ActionError, answerJson } from '../http.ts';
import { readChoice, readFlag, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Call } from '../world.ts';
import { changeMerchant, DCVC, type Merchant, merchantOf, merchantShelf, VERIFY_KEY } from './merchants.ts';
import { payZgs } from './methods.ts';
import { refusals } from './statuses.ts';

function need(value: string | null, name: string): string {
  if (value === null) throw new ActionError(400, 'INVALID_ARGUMENT', `${name} is needed.`);
  return value;
}

function viewMerchant(merchant: Merchant): Record<string, unknown> {
  const services = payZgs.map((payZg) => {
    const status = merchant.closed[payZg];
    return { pay_zg: payZg, enabled: status === undefined, ...(status === undefined ? {} : { status }) };
  });
  return { dcvc: merchant.dcvc, mid: merchant.mid, has_key: merchant.verifyKey !== null, services };
}

/** `{dcvc, pay_zg, enabled, status}`: a method that is not enabled answers Status -3003, or the one given. */
export function switchService(call: Call): Response {
  const input = readInput(call);
  const dcvc = need(readText(input, 'dcvc', DCVC), 'dcvc');
  const payZg = need(readChoice(input, 'pay_zg', payZgs), 'pay_zg');
  const status = readChoice(input, 'status', refusals) ?? refusals[0];
  const { [payZg]: _, ...open } = merchantOf(call.world, dcvc).closed;
  const closed = readFlag(input, 'enabled', true) ? open : { ...open, [payZg]: Number(status) };
  return answerJson(viewMerchant(changeMerchant(call.world, dcvc, { closed })));
}

/** `{dcvc, mid, verify_key}`: what a merchant finds in SmilePay's back office. */
export function setMerchant(call: Call): Response {
  const input = readInput(call);
  const dcvc = need(readText(input, 'dcvc', DCVC), 'dcvc');
  const mid = readText(input, 'mid', /^\d{1,4}$/);
  const verifyKey = readText(input, 'verify_key', VERIFY_KEY);
  const changes = { ...(mid === null ? {} : { mid }), ...(verifyKey === null ? {} : { verifyKey }) };
  return answerJson(viewMerchant(changeMerchant(call.world, dcvc, changes)));
}

export function listMerchants(call: Call): Response {
  return answerJson({ merchants: merchantShelf(call.world).newest(limits.accounts).map(viewMerchant) });
}
