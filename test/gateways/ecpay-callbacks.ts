import { checkMacValue } from '../../src/simulator/ecpay/checksum.ts';
import { seal } from '../../src/simulator/ecpay/envelope.ts';
import type { SimulatorAccount } from '../../src/simulator/options.ts';
import { STAGE } from '../support/app.ts';
import type { Post, Say, Target } from './contract.ts';

/**
 * ECPay's two kinds of callback. Signatures and envelopes come from the simulator, which read ECPay's documents for
 * itself: what it signs and the driver takes, two readings agree about.
 */
export const OURS: SimulatorAccount = {
  merchantId: STAGE.merchant_id,
  hashKey: STAGE.hash_key,
  hashIv: STAGE.hash_iv,
};
/** ECPay's older stage merchant. */
export const THEIRS: SimulatorAccount = {
  merchantId: '2000132',
  hashKey: '5294y06JbISpM5x9',
  hashIv: 'v77hoKGq4kWxNNIS',
};

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';
const TRADE_NO = '2606221530001234';

export type FormFields = Readonly<Record<string, string>>;

const NUMBER = {
  BankCode: '822',
  vAccount: '9103522175887271',
  ExpireDate: '2026/06/25',
};

function wording(say: Say): { code: string; message: string } {
  if (say.fact === 'paid') return { code: '1', message: say.again ? 'paid' : '交易成功' };
  if (say.fact === 'issued') return { code: '2', message: 'Get VirtualAccount Succeeded' };
  if (say.fact === 'issued as paid') return { code: '1', message: 'Get VirtualAccount Succeeded' };
  return { code: '10100058', message: '付款失敗' };
}

/** Unsigned fields of a form callback (ReturnURL, PaymentInfoURL). */
export function formFields(target: Target, say: Say, merchantId = OURS.merchantId): FormFields {
  const { code, message } = wording(say);
  const issued = say.fact === 'issued' || say.fact === 'issued as paid';
  return {
    MerchantID: merchantId,
    MerchantTradeNo: target.orderNo,
    StoreID: '',
    RtnCode: code,
    RtnMsg: message,
    TradeNo: say.tradeNo ?? target.tradeNo ?? TRADE_NO,
    TradeAmt: String(say.amount ?? target.amount),
    PaymentType: 'ATM_CHINATRUST',
    TradeDate: '2026/06/22 15:30:00',
    CustomField1: target.paymentNo,
    CustomField2: '',
    CustomField3: '',
    CustomField4: '',
    ...(issued
      ? NUMBER
      : {
          PaymentDate: '2026/06/22 15:31:00',
          PaymentTypeChargeFee: '9.8',
          SimulatePaid: say.simulated ? '1' : '0',
        }),
  };
}

export function sign(fields: FormFields, account = OURS): FormFields {
  return { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), account) };
}

export function encodePairs(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
    .replaceAll('%20', '+');
}

export function postForm(fields: FormFields): Post {
  return { type: FORM, body: encodePairs(Object.entries(fields)) };
}

export function makeForm(target: Target, say: Say): Post {
  return postForm(sign(formFields(target, say)));
}

export function makeForeignForm(target: Target, say: Say, names: 'himself' | 'us'): Post {
  const merchantId = names === 'himself' ? THEIRS.merchantId : OURS.merchantId;
  return postForm(sign(formFields(target, say, merchantId), THEIRS));
}

export type Data = Readonly<Record<string, unknown>>;

/** What is inside a sealed notification of the background service. */
export function sealedData(target: Target, say: Say, merchantId = OURS.merchantId): Data {
  const { code, message } = wording(say);
  const paid = say.fact === 'paid';
  const issued = say.fact === 'issued' || say.fact === 'issued as paid';
  return {
    RtnCode: Number(issued ? 1 : code),
    RtnMsg: message,
    ...(say.simulated ? { SimulatePaid: 1 } : {}),
    MerchantID: merchantId,
    PlatformID: '',
    OrderInfo: {
      MerchantTradeNo: target.orderNo,
      TradeNo: say.tradeNo ?? target.tradeNo ?? TRADE_NO,
      PaymentDate: issued ? '' : '2026/06/22 15:31:00',
      TradeAmt: say.amount ?? target.amount,
      PaymentType: 'ATM',
      TradeDate: '2026/06/22 15:30:00',
      ChargeFee: 9.8,
      ProcessFee: 0,
      TradeStatus: paid && !say.simulated ? '1' : '0',
    },
    ATMInfo: issued ? NUMBER : { ATMAccBank: '822', ATMAccNo: '12345' },
    CustomField: target.paymentNo,
  };
}

export function envelope(data: string, change: Data = {}): Post {
  const parts = {
    MerchantID: OURS.merchantId,
    RpHeader: { Timestamp: 1_782_113_400 },
    TransCode: 1,
    TransMsg: 'Success',
  };
  return { type: JSON_TYPE, body: JSON.stringify({ ...parts, Data: data, ...change }) };
}

export function makeSealed(target: Target, say: Say): Post {
  return envelope(seal(sealedData(target, say), OURS));
}

export function makeForeignSealed(target: Target, say: Say, names: 'himself' | 'us'): Post {
  const merchantId = names === 'himself' ? THEIRS.merchantId : OURS.merchantId;
  return envelope(seal(sealedData(target, say, merchantId), THEIRS), { MerchantID: merchantId });
}
