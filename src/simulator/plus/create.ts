import { DAY_MS, endOfTaipeiDay } from '../clock.ts';
import { digits } from '../random.ts';
import type { Call, World } from '../world.ts';
import { type Channel, expireAt, findOfShop, makePlatNo, orderShelf, type PlusOrder, payerPath } from './order.ts';
import {
  answerData,
  answerRefusal,
  type Form,
  isRefusal,
  type Opened,
  openRequest,
  type Refusal,
  refuse,
} from './request.ts';

const LARGE_FROM = 20_000;
const DAYS = 3;
const ADDRESS_LENGTH = 500;

/** Each channel has a bank of its own. */
const banks: Readonly<Record<Channel, { readonly code: string; readonly prefix: string }>> = {
  small: { code: '822', prefix: '98621' },
  large: { code: '013', prefix: '56301' },
};
const ACCOUNT_TAIL = 9;

function channelOf(money: number): Channel {
  return money < LARGE_FROM ? 'small' : 'large';
}

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_LENGTH && /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

interface Rule {
  readonly field: string;
  readonly code: number;
  readonly wanted: string;
  fits(value: string, form: Form): boolean;
}

const rules: readonly Rule[] = [
  {
    field: 'order_no',
    code: 4004,
    wanted: '1 to 32 letters, digits, - or _',
    fits: (value) => /^[A-Za-z0-9_-]{1,32}$/.test(value),
  },
  { field: 'money', code: 4005, wanted: 'whole TWD', fits: (value) => /^[1-9]\d{0,8}$/.test(value) },
  {
    field: 'channel',
    code: 4006,
    wanted: `small below ${LARGE_FROM}, else large`,
    fits: (value, form) => value === channelOf(Number(form.money)),
  },
  { field: 'callback_url', code: 4007, wanted: 'an http or https address', fits: isAddress },
  { field: 'return_url', code: 4008, wanted: 'an http or https address', fits: isAddress },
];

const fields = rules.map((rule) => rule.field);

function findFault({ form, account }: Opened, world: World): Refusal | null {
  const broken = rules.find((rule) => !rule.fits(form[rule.field] ?? '', form));
  if (broken) return refuse(broken.code, `${broken.field} must be ${broken.wanted}.`);
  const isUsed = findOfShop(world, account.appid, form.order_no ?? '') !== undefined;
  return isUsed ? refuse(4009, 'order_no is used already.') : null;
}

function makeOrder({ form, account }: Opened, world: World): PlusOrder {
  const now = world.now();
  const money = Number(form.money);
  const channel = channelOf(money);
  const { sign: _, ...unsigned } = form;
  return {
    platNo: makePlatNo(now, world.random, (platNo) => orderShelf(world).get(platNo) !== undefined),
    appid: account.appid,
    orderNo: form.order_no ?? '',
    money,
    channel,
    callbackUrl: form.callback_url ?? '',
    returnUrl: form.return_url ?? '',
    bankCode: banks[channel].code,
    accountCode: banks[channel].prefix + digits(world.random, ACCOUNT_TAIL),
    deadline: endOfTaipeiDay(now) + DAYS * DAY_MS,
    status: 'waiting',
    createdAt: now,
    paidAt: null,
    fields: unsigned,
    callbacks: [],
    last: null,
  };
}

/** `POST /api/atm`: a virtual account for one order. */
export function createOrder(call: Call): Response {
  const { world } = call;
  const opened = openRequest(call, fields);
  if (isRefusal(opened)) return answerRefusal(opened);
  const fault = findFault(opened, world);
  if (fault) return answerRefusal(fault);
  const order = makeOrder(opened, world);
  orderShelf(world).put(order.platNo, order);
  return answerData({
    account_code: order.accountCode,
    bank_code: order.bankCode,
    plat_no: order.platNo,
    pay_url: call.url.origin + payerPath(order),
    expire_at: expireAt(order),
  });
}
