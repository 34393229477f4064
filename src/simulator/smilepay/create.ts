import { formatTaipeiDay, isTaipeiTime } from '../clock.ts';
import { freeNumber } from '../random.ts';
import type { Call, World } from '../world.ts';
import { admitMerchant, DCVC, VERIFY_KEY } from './merchants.ts';
import { findMethod, HIGHEST, type PayMethod } from './methods.ts';
import { orders, payEndDate, type SmilePayOrder } from './order.ts';
import { type Params, readParams } from './params.ts';
import { SUCCEEDED, statusOf } from './statuses.ts';
import { answerXml } from './xml.ts';

interface Wish {
  readonly params: Params;
  readonly method: PayMethod;
  readonly deadline: number | null;
  readonly amount: number;
}

const RVG2C = /^[A-Za-z0-9]{1,10}$/;
const AMOUNT = /^[1-9]\d{0,8}$/;
const DATA_ID = /^[A-Za-z0-9]{0,18}$/;
const DATE = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/;
const TIME = /^\d{2}:\d{2}:\d{2}$/;
const END_OF_DAY = '23:59:59';
const PAIR_LENGTH = 600;
const PARAMETERS = 60;
const TAIL_LENGTH = 8;

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

/** Milliseconds of `yyyy/m/d` and `HH:mm:ss` in Taipei; null for what is no time. */
function parseTaipei(date: string, time: string): number | null {
  const [, year = '', month = '', day = ''] = DATE.exec(date) ?? [];
  const padded = [year, month.padStart(2, '0'), day.padStart(2, '0')];
  if (!TIME.test(time) || !isTaipeiTime(`${padded.join('/')} ${time}`)) return null;
  return Date.parse(`${padded.join('-')}T${time}+08:00`);
}

/** Until when the number is to be good, null inside for ever; null itself when the wish cannot be granted. */
function readDeadline(params: Params, method: PayMethod, now: number): { readonly ms: number | null } | null {
  const date = params.get('Deadline_date');
  const time = params.get('Deadline_time');
  if (date === '') return time === '' ? { ms: method.standard(now) } : null;
  const ms = parseTaipei(date, time || END_OF_DAY);
  return ms !== null && ms > now && ms <= method.latest(now) ? { ms } : null;
}

const isAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

function isContentWrong(params: Params): boolean {
  const isLong = ([name, most]: [string, number]) => Array.from(params.get(name)).length > most;
  const isTag = /[<>]/.test(params.get('Roturl_status'));
  const isHuge = params.sent.length > PARAMETERS || params.sent.some((pair) => pair.join().length > PAIR_LENGTH);
  return !DATA_ID.test(params.get('Data_id')) || Object.entries(lengths).some(isLong) || isTag || isHuge;
}

/** The order a request asks for, or the Status that refuses it: who asks comes first, then what for, then the details. */
function readWish(params: Params, world: World): Wish | number {
  const dcvc = params.get('Dcvc');
  if (!DCVC.test(dcvc) || !RVG2C.test(params.get('Rvg2c'))) return -2001;
  const key = params.get('Verify_key');
  const merchant = VERIFY_KEY.test(key) ? admitMerchant(world, dcvc, key) : null;
  if (!merchant) return -2002;
  const method = findMethod(params.get('Pay_zg'));
  if (!method) return -2003;
  const closed = merchant.closed[method.payZg];
  if (closed !== undefined) return closed;
  const deadline = readDeadline(params, method, world.now());
  if (!deadline) return -2004;
  if (!AMOUNT.test(params.get('Amount'))) return -2005;
  const amount = Number(params.get('Amount'));
  if (amount < method.low || amount > HIGHEST) return -3004;
  if (isContentWrong(params) || !isAddress(params.get('Roturl'))) return -2007;
  return { params, method, deadline: deadline.ms, amount };
}

/** Twelve digits: month and day, then eight which every payment number of the order ends with as well. */
function makeOrder({ params, method, deadline, amount }: Wish, world: World): SmilePayOrder {
  const now = world.now();
  const head = formatTaipeiDay(now).slice(5).replace('/', '');
  const isTaken = (number: string) => orders.shelf(world).get(number) !== undefined;
  const smilePayNo = freeNumber(world.random, head, TAIL_LENGTH, isTaken);
  const fields = params.sent.filter(([name]) => name.toLowerCase() !== 'verify_key');
  return {
    smilePayNo,
    dcvc: params.get('Dcvc'),
    rvg2c: params.get('Rvg2c'),
    payZg: method.payZg,
    dataId: params.get('Data_id'),
    amount,
    deadline,
    status: 'issued',
    createdAt: now,
    paidAt: null,
    numbers: method.issue({ tail: smilePayNo.slice(-TAIL_LENGTH), amount, deadline, random: world.random }),
    sent: Object.fromEntries(fields.map(([name]) => [name.toLowerCase(), params.get(name)])),
    fields: Object.fromEntries(fields),
    callbacks: [],
    last: null,
  };
}

/**
 * `SPPayment.asp`: issues a number without the payer's browser (背景取號). A Data_id may come again and gets a number of
 * its own each time.
 */
export function issueNumber(call: Call): Response {
  const { world } = call;
  const wish = readWish(readParams(call), world);
  if (typeof wish === 'number') return answerXml(statusOf(wish));
  const order = orders.put(world, makeOrder(wish, world));
  return answerXml({
    ...statusOf(SUCCEEDED),
    Rvg2c: order.rvg2c,
    Dcvc: order.dcvc,
    SmilePayNO: order.smilePayNo,
    Data_id: order.dataId,
    Amount: String(order.amount),
    PayEndDate: payEndDate(order),
    ...order.numbers,
  });
}
