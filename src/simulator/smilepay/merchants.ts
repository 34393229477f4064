import { isSame } from '../digest.ts';
import { answerJson } from '../http.ts';
import { needChoice, needText, readChoice, readFlag, readInput, readText } from '../input.ts';
import { limits } from '../options.ts';
import { route } from '../route.ts';
import type { Shelf } from '../shelves.ts';
import type { Call, Route, World } from '../world.ts';
import { payZgs } from './methods.ts';
import { refusals } from './statuses.ts';

/** A shop's account; `dcvc` is its name. */
export interface Merchant {
  readonly dcvc: string;
  /** As first seen; null until a call brought one. */
  readonly verifyKey: string | null;
  /** 商家驗證參數, four digits: part of Mid_smilepay. */
  readonly mid: string;
  /** Methods that are switched off, by Pay_zg, and the Status they answer. */
  readonly closed: Readonly<Record<string, number>>;
}

export const DCVC = /^[A-Za-z0-9_]{1,20}$/;
export const VERIFY_KEY = /^[0-9A-F]{32}$/;
const STANDARD_MID = '1111';
const merchantShelf = (world: World): Shelf<Merchant> => world.shelves.open('smilepay.merchants', limits.accounts);

export const merchantOf = (world: World, dcvc: string): Merchant =>
  merchantShelf(world).get(dcvc) ?? { dcvc, verifyKey: null, mid: STANDARD_MID, closed: {} };

const changeMerchant = (world: World, dcvc: string, changes: Partial<Merchant>): Merchant =>
  merchantShelf(world).put(dcvc, { ...merchantOf(world, dcvc), ...changes });

/** The merchant whose key this is. Made-up accounts work, so the first key that comes with a Dcvc is its key. */
export function admitMerchant(world: World, dcvc: string, verifyKey: string): Merchant | null {
  const merchant = merchantOf(world, dcvc);
  if (merchant.verifyKey === null) return changeMerchant(world, dcvc, { verifyKey });
  return isSame(merchant.verifyKey, verifyKey) ? merchant : null;
}

function viewMerchant(merchant: Merchant): Record<string, unknown> {
  const services = payZgs.map((payZg) => {
    const status = merchant.closed[payZg];
    return { pay_zg: payZg, enabled: status === undefined, ...(status === undefined ? {} : { status }) };
  });
  return { dcvc: merchant.dcvc, mid: merchant.mid, has_key: merchant.verifyKey !== null, services };
}

/** `{dcvc, pay_zg, enabled, status}`: a method that is not enabled answers Status -3003, or the one given. */
function switchService(call: Call): Response {
  const input = readInput(call);
  const dcvc = needText(input, 'dcvc', DCVC);
  const payZg = needChoice(input, 'pay_zg', payZgs);
  const status = readChoice(input, 'status', refusals) ?? refusals[0];
  const { [payZg]: _, ...open } = merchantOf(call.world, dcvc).closed;
  const closed = readFlag(input, 'enabled', true) ? open : { ...open, [payZg]: Number(status) };
  return answerJson(viewMerchant(changeMerchant(call.world, dcvc, { closed })));
}

/** `{dcvc, mid, verify_key}`: what a merchant finds in SmilePay's back office. */
function setMerchant(call: Call): Response {
  const input = readInput(call);
  const dcvc = needText(input, 'dcvc', DCVC);
  const mid = readText(input, 'mid', /^\d{1,4}$/);
  const verifyKey = readText(input, 'verify_key', VERIFY_KEY);
  const changes = { ...(mid === null ? {} : { mid }), ...(verifyKey === null ? {} : { verifyKey }) };
  return answerJson(viewMerchant(changeMerchant(call.world, dcvc, changes)));
}

const listMerchants = (call: Call): Response =>
  answerJson({ merchants: merchantShelf(call.world).newest(limits.accounts).map(viewMerchant) });

export const smilepayConsole: readonly Route[] = [
  route('POST', '/simulator/smilepay/services', switchService),
  route('POST', '/simulator/smilepay/merchants', setMerchant),
  route('GET', '/simulator/smilepay/merchants', listMerchants),
];
