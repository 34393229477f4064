import { chooseForger, type Forgers, flipLast, notApplicable } from '../forging.ts';
import type { Input } from '../input.ts';
import type { SimulatorAccount } from '../options.ts';
import { digits } from '../random.ts';
import type { World } from '../world.ts';
import { listAccounts, needAccount } from './accounts.ts';
import { seal } from './envelope.ts';
import { numbered } from './fields.ts';
import * as notice from './notices.ts';
import { paidNotice, signFields } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { type EcpayOrder, orders } from './order.ts';
import { codeData, numberFields, secureData } from './payment-info.ts';

interface Bench {
  readonly order: EcpayOrder;
  readonly account: SimulatorAccount;
  readonly other: SimulatorAccount;
  readonly unknownNo: string;
  readonly now: number;
}

/** The cashier's form or the services' envelope that says the order is paid, under these keys. */
type Write = (order: EcpayOrder, keys: SimulatorAccount, now: number) => string;

/** Other facts, signed well: only what they say is wrong. */
function liesOf(write: Write): Forgers<Bench, string> {
  const lie = ({ order, now }: Bench, changes: Partial<EcpayOrder>, keys: SimulatorAccount) =>
    write({ ...order, ...changes }, keys, now);
  return {
    // What follows from the amount, such as the fee, fits it.
    amount: (bench) => lie(bench, { amount: bench.order.amount + 1 }, bench.account),
    merchant: (bench) => lie(bench, { merchantId: bench.other.merchantId }, bench.other),
    'other-keys': (bench) => lie(bench, {}, bench.other),
    'unknown-order': (bench) => {
      // Custom fields go along empty, or the shop could find the order by what it put there itself.
      const cleared = Object.fromEntries(numbered('CustomField', 4).map((name) => [name, '']));
      const fields = { ...bench.order.fields, ...cleared };
      return lie(bench, { merchantTradeNo: bench.unknownNo, customField: '', fields }, bench.account);
    },
  };
}

type Fields = Readonly<Record<string, string>>;

const paidFields = ({ order, now }: Pick<Bench, 'order' | 'now'>): Fields => notice.aioFields(order, paidNotice, now);
const writeForm = (fields: Fields): string => notice.writeForm(Object.entries(fields));

const formForgers: Forgers<Bench, string> = {
  signature: (bench) => {
    const signed = signFields(paidFields(bench), bench.account);
    return writeForm({ ...signed, CheckMacValue: flipLast(signed.CheckMacValue ?? '') });
  },
  'no-signature': (bench) => writeForm(paidFields(bench)),
  ...liesOf((order, keys, now) => writeForm(signFields(paidFields({ order, now }), keys))),
  // The signature covers the first RtnCode; a careless reader takes the second one.
  'duplicate-field': (bench) => {
    const fields = signFields({ ...paidFields(bench), RtnCode: '0' }, bench.account);
    return notice.writeForm([...Object.entries(fields), ['RtnCode', '1'] as const]);
  },
  // The number-issued notice with the code that means "paid" elsewhere.
  'info-as-paid': ({ order, account, now }) => {
    if (!isNumberMethod(order.method)) notApplicable('This order has no number-issued notice.');
    const told = { ...notice.infoNotice(order.method), code: '1' };
    return writeForm(signFields({ ...notice.aioFields(order, told, now), ...numberFields(order) }, account));
  },
};

const paidData = ({ order, now }: Pick<Bench, 'order' | 'now'>) => notice.backgroundData(order, paidNotice, now);
const writeData = ({ order, now }: Pick<Bench, 'order' | 'now'>, data: string): string =>
  notice.writeEnvelope(order.merchantId, data, now);

const envelopeForgers: Forgers<Bench, string> = {
  signature: (bench) => {
    const data = Buffer.from(seal(paidData(bench), bench.account), 'base64');
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    return writeData(bench, data.toString('base64'));
  },
  'no-signature': (bench) => writeData(bench, JSON.stringify(paidData(bench))),
  ...liesOf((order, keys, now) => writeData({ order, now }, seal(paidData({ order, now }), keys))),
  // The answers to GenPaymentCode and CreatePayment are sealed with the same keys and say RtnCode 1 as well.
  'info-as-paid': (bench) => {
    const { order, account, now } = bench;
    const isSecure = order.info.ThreeDURL !== undefined || order.info.UnionPayURL !== undefined;
    const answer = isSecure ? secureData(order) : codeData({ ...order, paidAt: null }, now, '成功');
    return writeData(bench, seal(answer, account));
  },
};

const forgersOf = (order: Pick<EcpayOrder, 'kind'>): Forgers<Bench, string> =>
  order.kind === 'aio' ? formForgers : envelopeForgers;

export const forgeKindsOf = (order: Pick<EcpayOrder, 'kind'>): readonly string[] => Object.keys(forgersOf(order));

/** Keys the shop does not use for this order: another known account's, or made-up ones. */
function otherAccount(world: World, account: SimulatorAccount): SimulatorAccount {
  const known = listAccounts(world).find(
    (one) => one.merchantId !== account.merchantId && one.hashKey !== account.hashKey,
  );
  return known ?? { merchantId: '9999999', hashKey: digits(world.random, 16), hashIv: digits(world.random, 16) };
}

/** Sends one forged callback, never a retry, and tells what the shop answered. */
export async function forge(world: World, order: EcpayOrder, input: Input): Promise<Record<string, unknown>> {
  const { kind, forge: make } = chooseForger(forgersOf(order), input);
  const account = needAccount(world, order.merchantId);
  const now = world.now();
  // A forger claims the order is paid whatever its state is.
  const claimed: EcpayOrder = { ...order, paidAt: order.paidAt ?? now };
  const unknownNo = `X${digits(world.random, 18)}`;
  const body = make({ order: claimed, account, other: otherAccount(world, account), unknownNo, now });
  // A notice about a number goes where such notices go.
  const url = (kind === 'info-as-paid' && order.infoUrl) || order.returnUrl;
  const { at, ...record } = await world.sender.post({
    kind: `forged:${kind}`,
    url,
    headers: notice.headersOf(order),
    body,
    isAcknowledged: notice.isAcknowledged,
    record: (one) => orders.keepRecord(world, order, one),
  });
  return { ...record, kind, at: new Date(at).toISOString() };
}
