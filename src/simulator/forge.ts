import { checkMacValue } from './ecpay/checksum.ts';
import { seal } from './ecpay/envelope.ts';
import {
  aioFields,
  backgroundData,
  envelopeOutgoing,
  formOutgoing,
  infoNotice,
  numberFields,
  type Outgoing,
  paidNotice,
  signFields,
} from './ecpay/notices.ts';
import { isNumberMethod } from './ecpay/numbers.ts';
import { codeData } from './ecpay/payment-code.ts';
import { secureData } from './ecpay/secure.ts';
import { ActionError } from './http.ts';
import type { SimulatorAccount } from './options.ts';
import type { CallbackRecord, Order } from './order.ts';
import { digits } from './random.ts';
import type { World } from './world.ts';

/** What a forger has to work with. */
interface Bench {
  readonly order: Order;
  readonly account: SimulatorAccount;
  readonly other: SimulatorAccount;
  readonly unknownNo: string;
  readonly now: number;
}

type Forger = (bench: Bench) => Outgoing;

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

function paidFields(bench: Bench, order: Order = bench.order): Record<string, string> {
  return aioFields(order, paidNotice, bench.now);
}

function postForm(bench: Bench, fields: Record<string, string>, url: string = bench.order.returnUrl): Outgoing {
  return formOutgoing(url, Object.entries(fields));
}

function postData(bench: Bench, order: Order, account: SimulatorAccount, merchantId: string): Outgoing {
  const data = seal(backgroundData(order, paidNotice, bench.now), account);
  return envelopeOutgoing(bench.order.returnUrl, merchantId, data, bench.now);
}

/** The signature covers the first RtnCode; a careless reader takes the second one. */
function forgeDuplicate(bench: Bench): Outgoing {
  const fields = { ...paidFields(bench), RtnCode: '0' };
  const CheckMacValue = checkMacValue(Object.entries(fields), bench.account);
  const pairs = [...Object.entries({ ...fields, CheckMacValue }), ['RtnCode', '1'] as const];
  return formOutgoing(bench.order.returnUrl, pairs);
}

/** The number-issued notice with the code that means "paid" elsewhere. */
function forgeInfo(bench: Bench): Outgoing {
  if (!isNumberMethod(bench.order.method)) {
    throw new ActionError(422, 'FORGE_NOT_APPLICABLE', 'This order has no number-issued notice.');
  }
  const fields = {
    ...aioFields(bench.order, { ...infoNotice(bench.order.method), code: '1' }, bench.now),
    ...numberFields(bench.order),
  };
  return postForm(bench, signFields(fields, bench.account), bench.order.infoUrl || bench.order.returnUrl);
}

const formForgers: Readonly<Record<string, Forger>> = {
  signature: (bench) => {
    const signed = signFields(paidFields(bench), bench.account);
    return postForm(bench, { ...signed, CheckMacValue: flipLast(signed.CheckMacValue ?? '') });
  },
  'no-signature': (bench) => postForm(bench, paidFields(bench)),
  amount: (bench) => {
    const fields = paidFields(bench, { ...bench.order, amount: bench.order.amount + 1 });
    return postForm(bench, signFields(fields, bench.account));
  },
  merchant: (bench) => {
    const fields = { ...paidFields(bench), MerchantID: bench.other.merchantId };
    return postForm(bench, signFields(fields, bench.other));
  },
  'other-keys': (bench) => postForm(bench, signFields(paidFields(bench), bench.other)),
  'unknown-order': (bench) => {
    // Custom fields go along empty, or the shop could find the order by what it put there itself.
    const cleared = { CustomField1: '', CustomField2: '', CustomField3: '', CustomField4: '' };
    const fields = { ...paidFields(bench), ...cleared, MerchantTradeNo: bench.unknownNo };
    return postForm(bench, signFields(fields, bench.account));
  },
  'duplicate-field': forgeDuplicate,
  'info-as-paid': forgeInfo,
};

const envelopeForgers: Readonly<Record<string, Forger>> = {
  signature: (bench) => {
    const data = Buffer.from(seal(backgroundData(bench.order, paidNotice, bench.now), bench.account), 'base64');
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    return envelopeOutgoing(bench.order.returnUrl, bench.order.merchantId, data.toString('base64'), bench.now);
  },
  'no-signature': (bench) => {
    const data = JSON.stringify(backgroundData(bench.order, paidNotice, bench.now));
    return envelopeOutgoing(bench.order.returnUrl, bench.order.merchantId, data, bench.now);
  },
  amount: (bench) =>
    postData(bench, { ...bench.order, amount: bench.order.amount + 1 }, bench.account, bench.order.merchantId),
  merchant: (bench) =>
    postData(bench, { ...bench.order, merchantId: bench.other.merchantId }, bench.other, bench.other.merchantId),
  'other-keys': (bench) => postData(bench, bench.order, bench.other, bench.order.merchantId),
  'unknown-order': (bench) => {
    const order = { ...bench.order, merchantTradeNo: bench.unknownNo, customField: '' };
    return postData(bench, order, bench.account, bench.order.merchantId);
  },
  // The answers to GenPaymentCode and CreatePayment are sealed with the same keys and say RtnCode 1 as well.
  'info-as-paid': (bench) => {
    const isSecure = bench.order.info.ThreeDURL !== undefined || bench.order.info.UnionPayURL !== undefined;
    const answer = isSecure ? secureData(bench.order) : codeData({ ...bench.order, paidAt: null }, bench.now, '成功');
    const data = seal(answer, bench.account);
    return envelopeOutgoing(bench.order.returnUrl, bench.order.merchantId, data, bench.now);
  },
};

export const forgeKinds: readonly string[] = Object.keys(formForgers);

/** Keys the shop does not use for this order: another known account's, or made-up ones. */
function otherAccount(world: World, account: SimulatorAccount): SimulatorAccount {
  const known = world.ledger
    .accounts()
    .find((one) => one.merchantId !== account.merchantId && one.hashKey !== account.hashKey);
  return known ?? { merchantId: '9999999', hashKey: digits(world.random, 16), hashIv: digits(world.random, 16) };
}

/** Sends one forged callback, never a retry, and tells what the shop answered. */
export async function forge(world: World, order: Order, kind: string): Promise<CallbackRecord> {
  const forgers = order.kind === 'aio' ? formForgers : envelopeForgers;
  const forger = Object.hasOwn(forgers, kind) ? forgers[kind] : undefined;
  if (!forger) {
    const known = Object.keys(forgers).join(', ');
    throw new ActionError(422, 'FORGE_NOT_APPLICABLE', `kind must be one of ${known} for this order.`);
  }
  const account = world.ledger.account(order.merchantId);
  if (!account) throw new ActionError(409, 'ACCOUNT_UNKNOWN', 'The account of this order is unknown.');
  const unknownNo = `X${digits(world.random, 18)}`;
  // A forger claims the order is paid whatever its state is.
  const claimed: Order = { ...order, paidAt: order.paidAt ?? world.now() };
  const bench: Bench = { order: claimed, account, other: otherAccount(world, account), unknownNo, now: world.now() };
  return world.courier.post(order, `forged:${kind}`, forger(bench));
}
