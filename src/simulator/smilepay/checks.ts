import type { World } from '../world.ts';
import { readDeadline } from './deadline.ts';
import { admitMerchant, DCVC, VERIFY_KEY } from './merchants.ts';
import { findMethod, type PayMethod } from './methods.ts';
import type { Params } from './params.ts';

/** An order request with nothing wrong. */
export interface Wish {
  readonly params: Params;
  readonly method: PayMethod;
  readonly deadline: number | null;
  readonly amount: number;
}

const RVG2C = /^[A-Za-z0-9]{1,10}$/;
const AMOUNT = /^[1-9]\d{0,8}$/;
const DATA_ID = /^[A-Za-z0-9]{0,18}$/;
const PAIR_LENGTH = 600;
const PARAMETERS = 60;

/** Longest content that is known to have worked, in characters. */
const lengths: Readonly<Record<string, number>> = {
  Od_sob: 50,
  Pur_name: 50,
  Tel_number: 20,
  Mobile_number: 20,
  Address: 100,
  Email: 50,
  Invoice_name: 50,
  Invoice_num: 20,
  Remark: 100,
  Roturl_status: 50,
};

function isAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

function isContentWrong(params: Params): boolean {
  const isLong = ([name, most]: [string, number]) => Array.from(params.get(name)).length > most;
  const isTag = /[<>]/.test(params.get('Roturl_status'));
  const isHuge = params.sent.length > PARAMETERS || params.sent.some((pair) => pair.join().length > PAIR_LENGTH);
  return !DATA_ID.test(params.get('Data_id')) || Object.entries(lengths).some(isLong) || isTag || isHuge;
}

/** The order a request asks for, or the Status that refuses it: who asks comes first, then what for, then the details. */
export function readWish(params: Params, world: World): Wish | number {
  const now = world.now();
  const dcvc = params.get('Dcvc');
  if (!DCVC.test(dcvc) || !RVG2C.test(params.get('Rvg2c'))) return -2001;
  const key = params.get('Verify_key');
  const merchant = VERIFY_KEY.test(key) ? admitMerchant(world, dcvc, key) : null;
  if (!merchant) return -2002;
  const method = findMethod(params.get('Pay_zg'));
  if (!method) return -2003;
  const closed = merchant.closed[method.payZg];
  if (closed !== undefined) return closed;
  const deadline = readDeadline(params, method, now);
  if (!deadline) return -2004;
  if (!AMOUNT.test(params.get('Amount'))) return -2005;
  const amount = Number(params.get('Amount'));
  if (amount < method.low || amount > method.high) return -3004;
  if (isContentWrong(params) || !isAddress(params.get('Roturl'))) return -2007;
  return { params, method, deadline: deadline.ms, amount };
}
