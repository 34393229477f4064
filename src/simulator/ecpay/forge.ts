import type { Input } from '../actions.ts';
import { chooseForger, type Forgers, flipLast, notApplicable } from '../forging.ts';
import type { SimulatorAccount } from '../options.ts';
import { digits } from '../random.ts';
import type { World } from '../world.ts';
import { listAccounts, needAccount } from './accounts.ts';
import { checkMacValue } from './checksum.ts';
import { seal } from './envelope.ts';
import { numbered } from './fields.ts';
import * as notice from './notices.ts';
import { paidNotice, signFields } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { type EcpayOrder, orders } from './order.ts';
import { codeData, numberFields, secureData } from './payment-info.ts';

/** What a forger has to work with. */
interface Bench {
  readonly order: EcpayOrder;
  readonly account: SimulatorAccount;
  readonly other: SimulatorAccount;
  readonly unknownNo: string;
  readonly now: number;
}

type Fields = Record<string, string>;

function paidFields({ order, now }: Bench, changes: Fields = {}): Fields {
  return { ...notice.aioFields(order, paidNotice, now), ...changes };
}

const writeForm = (fields: Fields): string => notice.writeForm(Object.entries(fields));

/** Other fields, signed well: only what they say is wrong. */
function lie(bench: Bench, changes: Fields, account = bench.account): string {
  return writeForm(signFields(paidFields(bench, changes), account));
}

const formForgers: Forgers<Bench, string> = {
  signature: (bench) => {
    const signed = signFields(paidFields(bench), bench.account);
    return writeForm({ ...signed, CheckMacValue: flipLast(signed.CheckMacValue ?? '') });
  },
  'no-signature': (bench) => writeForm(paidFields(bench)),
  // What follows from the amount, such as the fee, fits it.
  amount: (bench) => lie({ ...bench, order: { ...bench.order, amount: bench.order.amount + 1 } }, {}),
  merchant: (bench) => lie(bench, { MerchantID: bench.other.merchantId }, bench.other),
  'other-keys': (bench) => lie(bench, {}, bench.other),
  'unknown-order': (bench) => {
    // Custom fields go along empty, or the shop could find the order by what it put there itself.
    const cleared = Object.fromEntries(numbered('CustomField', 4).map((name) => [name, '']));
    return lie(bench, { ...cleared, MerchantTradeNo: bench.unknownNo });
  },
  // The signature covers the first RtnCode; a careless reader takes the second one.
  'duplicate-field': (bench) => {
    const fields = paidFields(bench, { RtnCode: '0' });
    const CheckMacValue = checkMacValue(Object.entries(fields), bench.account);
    const pairs = [...Object.entries({ ...fields, CheckMacValue }), ['RtnCode', '1'] as const];
    return notice.writeForm(pairs);
  },
  // The number-issued notice with the code that means "paid" elsewhere.
  'info-as-paid': (bench) => {
    const { order, account, now } = bench;
    if (!isNumberMethod(order.method)) notApplicable('This order has no number-issued notice.');
    const fields = {
      ...notice.aioFields(order, { ...notice.infoNotice(order.method), code: '1' }, now),
      ...numberFields(order),
    };
    return writeForm(signFields(fields, account));
  },
};

function paidData({ order, now }: Bench, changes: Partial<EcpayOrder> = {}): Record<string, unknown> {
  return notice.backgroundData({ ...order, ...changes }, paidNotice, now);
}

function writeData({ order, now }: Bench, data: string, merchantId = order.merchantId): string {
  return notice.writeEnvelope(merchantId, data, now);
}

const envelopeForgers: Forgers<Bench, string> = {
  signature: (bench) => {
    const data = Buffer.from(seal(paidData(bench), bench.account), 'base64');
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    return writeData(bench, data.toString('base64'));
  },
  'no-signature': (bench) => writeData(bench, JSON.stringify(paidData(bench))),
  amount: (bench) => writeData(bench, seal(paidData(bench, { amount: bench.order.amount + 1 }), bench.account)),
  merchant: (bench) => {
    const { merchantId } = bench.other;
    return writeData(bench, seal(paidData(bench, { merchantId }), bench.other), merchantId);
  },
  'other-keys': (bench) => writeData(bench, seal(paidData(bench), bench.other)),
  'unknown-order': (bench) => {
    const changes = { merchantTradeNo: bench.unknownNo, customField: '' };
    return writeData(bench, seal(paidData(bench, changes), bench.account));
  },
  // The answers to GenPaymentCode and CreatePayment are sealed with the same keys and say RtnCode 1 as well.
  'info-as-paid': (bench) => {
    const { order, account, now } = bench;
    const isSecure = order.info.ThreeDURL !== undefined || order.info.UnionPayURL !== undefined;
    const answer = isSecure ? secureData(order) : codeData({ ...order, paidAt: null }, now, '成功');
    return writeData(bench, seal(answer, account));
  },
};

function forgersOf(order: Pick<EcpayOrder, 'kind'>): Forgers<Bench, string> {
  return order.kind === 'aio' ? formForgers : envelopeForgers;
}

export function forgeKindsOf(order: Pick<EcpayOrder, 'kind'>): readonly string[] {
  return Object.keys(forgersOf(order));
}

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
