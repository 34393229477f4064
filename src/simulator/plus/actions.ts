import { editQuery, type Forgers, flipLast, notApplicable } from '../forging.ts';
import { parseRecord, refuseAction } from '../http.ts';
import { readChoice } from '../input.ts';
import { type Bench, type Outgoing, paidWorks } from '../payments.ts';
import { digits } from '../random.ts';
import { findAccount, signingOf } from './accounts.ts';
import { orders, type PlusOrder } from './order.ts';
import { type Signing, signFields } from './sign.ts';

const shapes = ['form', 'json'] as const;

interface Wording {
  readonly shape: (typeof shapes)[number];
  readonly signing: Signing;
  readonly secretKey: string;
}

type Fields = Readonly<Record<string, string>>;
type PlusBench = Bench<PlusOrder, Wording>;

const paidFields = ({ order }: PlusBench): Fields => ({
  appid: order.appid,
  order_no: order.orderNo,
  plat_no: order.platNo,
  money: String(order.money),
  status: '1',
});

/** Fields that have their sign, or deliberately none, as a body. JSON writes money as a number. */
function pack({ order, wording }: PlusBench, fields: Fields, url = order.callbackUrl): Outgoing {
  if (wording.shape === 'form') {
    const body = new URLSearchParams(fields).toString();
    return { url, contentType: 'application/x-www-form-urlencoded', body };
  }
  return { url, contentType: 'application/json', body: JSON.stringify({ ...fields, money: Number(fields.money) }) };
}

const sign = ({ wording }: PlusBench, fields: Fields): Fields => signFields(fields, wording.secretKey, wording.signing);

/** Other fields, signed as PLUS would: only what they say is wrong. */
const lie = (bench: PlusBench, fields: Fields): Outgoing =>
  pack(bench, sign(bench, { ...paidFields(bench), ...fields }));

/** The genuine fields with another sign, or without one. */
function missign(bench: PlusBench, edit: (sign: string) => Fields): Outgoing {
  if (bench.wording.signing === 'none') notApplicable('Nothing is signed here at present.');
  const fields = paidFields(bench);
  return pack(bench, { ...fields, ...edit(sign(bench, fields).sign ?? '') });
}

/** The numbers of the newest other order of the shop, or made-up ones. */
function otherNumbers({ world, order }: PlusBench): Fields {
  const isOther = (one: PlusOrder) => one.appid === order.appid && one.platNo !== order.platNo;
  const other = orders.shelf(world).find(isOther);
  return {
    order_no: other?.orderNo ?? `X${digits(world.random, 15)}`,
    plat_no: other?.platNo ?? `PL999999${digits(world.random, 8)}`,
  };
}

const forgers: Forgers<PlusBench, Outgoing> = {
  'bad-sign': (bench) => missign(bench, (text) => ({ sign: flipLast(text) })),
  'no-sign': (bench) => missign(bench, () => ({})),
  'wrong-appid': (bench) => lie(bench, { appid: `${bench.order.appid}X` }),
  money: (bench) => lie(bench, { money: String(bench.order.money + 1) }),
  'other-order': (bench) => lie(bench, otherNumbers(bench)),
  'unpaid-status': (bench) => lie(bench, { status: '0' }),
  // Every parameter of callback_url is the shop's own secret.
  'wrong-token': (bench) => {
    const { callbackUrl } = bench.order;
    if (new URL(callbackUrl).search === '') notApplicable('The callback_url of this order carries no token.');
    const url = editQuery(callbackUrl, (_, value) => flipLast(value));
    return pack(bench, sign(bench, paidFields(bench)), url);
  },
};

export const { works, forgeKinds } = paidWorks<PlusOrder, Outgoing, Wording>({
  orders,
  readWording: (world, order, input) => {
    const account =
      findAccount(world, order.appid) ?? refuseAction('ACCOUNT_UNKNOWN', 'The account of this order is unknown.');
    const shape = readChoice(input, 'shape', shapes) ?? 'form';
    return { shape, signing: signingOf(world), secretKey: account.secretKey };
  },
  paidCallback: (bench) => lie(bench, {}),
  forgers,
  isAcknowledged: (_, status, answer) => status === 200 && parseRecord(answer)?.success === true,
});
