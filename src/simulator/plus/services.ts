import { DAY_MS, endOfTaipeiDay, formatTaipei } from '../clock.ts';
import { answerJson, parseForm } from '../http.ts';
import { FORM_TYPE } from '../input.ts';
import { statusAt } from '../order.ts';
import { digits, freeNumber } from '../random.ts';
import type { Call, World } from '../world.ts';
import { findAccount, type PlusAccount, signingOf } from './accounts.ts';
import { type Channel, expireAt, findOfShop, orders, type PlusOrder, payerPath } from './order.ts';
import { isSigned } from './sign.ts';

type Form = Readonly<Record<string, string>>;

interface Asked {
  readonly call: Call;
  readonly world: World;
  readonly form: Form;
  readonly account: PlusAccount;
}

/** Why PLUS does not do it: `code` and `message` of the answer. */
class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Seconds a timestamp may be off. */
const WINDOW_S = 600;
const frame = ['appid', 'timestamp', 'sign'];

/** The form, or nothing when its encoding is broken or a name comes twice. */
export function readForm(body: string): Form | null {
  const pairs = parseForm(body);
  if (!pairs) return null;
  const form = Object.fromEntries(pairs);
  return Object.keys(form).length === pairs.length ? form : null;
}

const isTimely = (text: string, world: World): boolean =>
  /^\d{10}$/.test(text) && Math.abs(world.now() / 1000 - Number(text)) <= WINDOW_S;

/** Who calls is settled before what for: form, appid, sign, timestamp, then fields nobody knows. */
function openRequest(call: Call, known: readonly string[]): Asked {
  const { world } = call;
  const form = call.contentType === FORM_TYPE ? readForm(call.body) : null;
  if (!form) throw new Refusal(4000, 'The body must be a form.');
  const account = findAccount(world, form.appid ?? '');
  if (!account) throw new Refusal(4001, 'appid is unknown.');
  if (!isSigned(form, account.secretKey, signingOf(world))) throw new Refusal(4002, 'sign is wrong.');
  if (!isTimely(form.timestamp ?? '', world)) throw new Refusal(4003, 'timestamp is out of range.');
  const strange = Object.keys(form).find((name) => ![...frame, ...known].includes(name));
  if (strange !== undefined) throw new Refusal(4010, `${strange.slice(0, 40)} is not a field.`);
  return { call, world, form, account };
}

/** A service of PLUS. Refusals come with status 200 as well; only `code` tells. */
const serve =
  (known: readonly string[], work: (asked: Asked) => Record<string, unknown>) =>
  (call: Call): Response => {
    try {
      return answerJson({ code: 0, status: 'ok', data: work(openRequest(call, known)) });
    } catch (error) {
      if (error instanceof Refusal) return answerJson({ code: error.code, message: error.message });
      throw error;
    }
  };

const LARGE_FROM = 20_000;
const DAYS = 3;
const ADDRESS_LENGTH = 500;
const PLAT_NO_DIGITS = 8;
const ACCOUNT_TAIL = 9;

/** Each channel has a bank of its own. */
const banks: Readonly<Record<Channel, { readonly code: string; readonly prefix: string }>> = {
  small: { code: '822', prefix: '98621' },
  large: { code: '013', prefix: '56301' },
};

const channelOf = (money: number): Channel => (money < LARGE_FROM ? 'small' : 'large');

const isAddress = (text: string): boolean =>
  text.length <= ADDRESS_LENGTH && /^https?:$/.test(URL.parse(text)?.protocol ?? '');

type Fits = (value: string, form: Form) => boolean;

/** Field, code of the refusal, what is wanted, and whether a value is that. */
const rules: readonly (readonly [string, number, string, Fits])[] = [
  ['order_no', 4004, '1 to 32 letters, digits, - or _', (value) => /^[A-Za-z0-9_-]{1,32}$/.test(value)],
  ['money', 4005, 'whole TWD', (value) => /^[1-9]\d{0,8}$/.test(value)],
  ['channel', 4006, `small below ${LARGE_FROM}, else large`, (value, form) => value === channelOf(Number(form.money))],
  ['callback_url', 4007, 'an http or https address', isAddress],
  ['return_url', 4008, 'an http or https address', isAddress],
];

function check({ world, form, account }: Asked): void {
  for (const [field, code, wanted, fits] of rules) {
    if (!fits(form[field] ?? '', form)) throw new Refusal(code, `${field} must be ${wanted}.`);
  }
  if (findOfShop(world, account.appid, form.order_no ?? '')) throw new Refusal(4009, 'order_no is used already.');
}

function makeOrder({ world, form, account }: Asked): PlusOrder {
  const now = world.now();
  const money = Number(form.money);
  const channel = channelOf(money);
  const head = `PL${formatTaipei(now).slice(2, 10).replaceAll('/', '')}`;
  const isTaken = (platNo: string) => orders.shelf(world).get(platNo) !== undefined;
  const { sign: _, ...unsigned } = form;
  return {
    platNo: freeNumber(world.random, head, PLAT_NO_DIGITS, isTaken),
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
export const createOrder = serve(
  rules.map(([field]) => field),
  (asked) => {
    check(asked);
    const order = orders.put(asked.world, makeOrder(asked));
    return {
      account_code: order.accountCode,
      bank_code: order.bankCode,
      plat_no: order.platNo,
      pay_url: asked.call.url.origin + payerPath(order),
      expire_at: expireAt(order),
    };
  },
);

/** `1` is paid, here as in the callback. */
const codes: Readonly<Record<PlusOrder['status'], string>> = { waiting: '0', paid: '1', declined: '2', expired: '3' };

/** `POST /api/query`: where an order is. */
export const queryOrder = serve(['order_no'], ({ world, account, form }) => {
  const order = findOfShop(world, account.appid, form.order_no ?? '');
  if (!order) throw new Refusal(4040, 'No such order_no.');
  const { orderNo, platNo, money } = order;
  return { order_no: orderNo, plat_no: platNo, money, status: codes[statusAt(order, world.now())] };
});

/** `POST /api/balance`: what PLUS holds for the shop. */
export const queryBalance = serve([], ({ account }) => ({ balance: account.balance }));
