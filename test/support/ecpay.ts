import type { Fact } from '../../src/core/attempt.ts';
import type { Order, Payment } from '../../src/core/payment.ts';
import { DAY } from '../../src/core/time.ts';
import { sealData } from '../../src/gateways/ecpay/cipher.ts';
import { ecpay } from '../../src/gateways/ecpay/index.ts';
import { signFields } from '../../src/gateways/ecpay/signature.ts';
import type {
  CallbackSubject,
  CreateInput,
  GatewayContext,
  Message,
  RawCallback,
  Secrets,
  Verification,
} from '../../src/gateways/gateway.ts';
import { START } from './clock.ts';
import { contextOf, createInputOf, methodOf, ORDER_NO, PAYMENT_NO, paymentOf } from './driver.ts';
import { present } from './parts.ts';

/** ECPay's published test merchant. */
export const SECRETS: Secrets = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
export const OTHER_SECRETS: Secrets = {
  merchant_id: '2000132',
  hash_key: '5294y06JbISpM5x9',
  hash_iv: 'v77hoKGq4kWxNNIS',
};

export { ORDER_NO, PAYMENT_NO } from './driver.ts';

/** As much of a payment as a callback is checked against. */
export const PAYMENT = { paymentNo: PAYMENT_NO } as Payment;

export const methodAt = (path: string) => methodOf(ecpay, path);

export function ecpayContext(origin = 'https://gateway.example'): GatewayContext {
  return contextOf('ecpay', origin, {
    originOf: (service) => (origin === 'https://gateway.example' ? `https://${service}.example` : origin),
    callbackToken: `${ORDER_NO}-abcdefghijklmnopqrstuv`,
    urls: { browserReturn: `https://pay.example/zh-tw/payment/ecpay/return/${PAYMENT_NO}` },
  });
}

export function createInput(path: string, order: Order = {}, change: Partial<CreateInput> = {}): CreateInput {
  const payment = paymentOf({ environment: 'stage', order });
  return createInputOf({ method: methodAt(path), secrets: SECRETS, deadline: START + 7 * DAY }, { payment, ...change });
}

/** A callback to the bare address, without headers that matter. */
export function rawCallback(contentType: string, body: string): RawCallback {
  return { contentType, body: Buffer.from(body), query: new URLSearchParams(), headers: new Headers() };
}

/** A form as a browser or ECPay sends it. */
export function formCallback(fields: Readonly<Record<string, string>>): RawCallback {
  return rawCallback('application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
}

export function signedCallback(fields: Readonly<Record<string, string>>, secrets = SECRETS): RawCallback {
  return formCallback({ ...fields, CheckMacValue: signFields(fields, secrets) });
}

/** ECPay's own result of a paid card order, unless told otherwise. */
export function resultFields(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    MerchantID: '3002607',
    MerchantTradeNo: ORDER_NO,
    StoreID: '',
    RtnCode: '1',
    RtnMsg: '交易成功',
    TradeNo: '2606221531001234',
    TradeAmt: '980',
    PaymentDate: '2026/06/22 15:31:42',
    PaymentType: 'Credit_CreditCard',
    PaymentTypeChargeFee: '25.5',
    TradeDate: '2026/06/22 15:30:01',
    SimulatePaid: '0',
    CustomField1: PAYMENT_NO,
    CustomField2: '',
    CustomField3: '',
    CustomField4: '',
    ...change,
  };
}

export function sealedCallback(data: object, envelope: object = {}, secrets = SECRETS): RawCallback {
  const whole = {
    MerchantID: secrets.merchant_id,
    RpHeader: { Timestamp: 1_782_113_400 },
    TransCode: 1,
    TransMsg: 'Success',
    Data: sealData(data, secrets),
    ...envelope,
  };
  return rawCallback('application/json', JSON.stringify(whole));
}

/** ECPay's sealed notice of a store code that was paid for real, unless told otherwise. */
export function noticeData(change: object = {}, order: object = {}): Record<string, unknown> {
  return {
    RtnCode: 1,
    RtnMsg: 'Success',
    MerchantID: '3002607',
    PlatformID: '',
    OrderInfo: {
      MerchantTradeNo: ORDER_NO,
      TradeNo: '2606221531001234',
      PaymentDate: '2026/06/23 08:22:04',
      TradeAmt: 980,
      PaymentType: 'CVS',
      TradeDate: '2026/06/22 15:30:00',
      ChargeFee: 26,
      TradeStatus: '1',
      ProcessFee: 0,
      ...order,
    },
    CVSInfo: {
      PayFrom: 'family',
      PaymentNo: 'LLL26173917389',
      PaymentURL: 'https://vendor-stage.ecpay.com.tw/x?PaymentNo=1',
    },
    CustomField: PAYMENT_NO,
    ...change,
  };
}

/** What is in an envelope of ECPay; null when the secrets do not open it. */
export function openEnvelope(envelope: string | Uint8Array, secrets: Secrets = SECRETS): Message | null {
  const bytes = typeof envelope === 'string' ? Buffer.from(envelope, 'base64') : envelope;
  return ecpay.callback.open?.(bytes, secrets) ?? null;
}

/** The message of a callback, opened when it is sealed; null when it is refused on the way. */
export function readCallback(raw: RawCallback, secrets: Secrets = SECRETS): Message | null {
  const located = ecpay.callback.locate(raw);
  if (located.type === 'clear') return located.message;
  return located.type === 'sealed' ? openEnvelope(located.envelope, secrets) : null;
}

/** ECPay proves its callbacks without a call, and each says itself what is true. */
export function verifyMessage(message: Message, secrets: Secrets = SECRETS, payment: Payment = PAYMENT): Verification {
  const verification = ecpay.callback.verify(message, secrets, { payment } as CallbackSubject);
  if (verification instanceof Promise) throw new Error('expected a proof without waiting');
  return verification;
}

export function parseMessage(message: Message, payment: Payment = PAYMENT): readonly Fact[] {
  const facts = ecpay.callback.parse(message, payment);
  if (facts === 'ask') throw new Error('expected facts');
  return facts;
}

/** The facts of a callback that must prove itself with our secrets. */
export function factsOf(raw: RawCallback): readonly Fact[] {
  const message = present(readCallback(raw), 'message');
  const verification = verifyMessage(message);
  if (!verification.ok) throw new Error(verification.message);
  return parseMessage(message);
}

/** Whether a callback proves itself for a payment. */
export function judge(raw: RawCallback, payment: Payment = PAYMENT, secrets = SECRETS): Verification {
  return verifyMessage(present(readCallback(raw, secrets), 'message'), secrets, payment);
}
