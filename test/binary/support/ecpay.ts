import { createHash } from 'node:crypto';

/**
 * Callbacks as ECPay's cashier sends them (developer documentation, pages 2878 and 2902), signed with the stage
 * merchant that ECPay publishes (page 2856). Written for the tests, apart from the code they test.
 */
export const STAGE = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' } as const;

export type Fields = Readonly<Record<string, string>>;

export function checkMacValue(fields: Fields): string {
  const names = Object.keys(fields)
    .filter((name) => name !== 'CheckMacValue')
    .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const pairs = names.map((name) => `${name}=${fields[name]}`);
  const text = [`HashKey=${STAGE.hash_key}`, ...pairs, `HashIV=${STAGE.hash_iv}`].join('&');
  const encoded = encodeURIComponent(text).replace(/%20/g, '+').replace(/'/g, '%27').replace(/~/g, '%7e').toLowerCase();
  return createHash('sha256').update(encoded).digest('hex').toUpperCase();
}

export interface PaidOrder {
  readonly orderNo: string;
  readonly paymentNo: string;
  readonly amount: number;
  readonly tradeNo: string;
}

/** Body of the callback that reports a card payment. */
export function paidForm(order: PaidOrder): string {
  const fields: Fields = {
    CustomField1: order.paymentNo,
    CustomField2: '',
    CustomField3: '',
    CustomField4: '',
    MerchantID: STAGE.merchant_id,
    MerchantTradeNo: order.orderNo,
    PaymentDate: '2026/06/22 15:31:00',
    PaymentType: 'Credit_CreditCard',
    PaymentTypeChargeFee: '20',
    RtnCode: '1',
    RtnMsg: '交易成功',
    SimulatePaid: '0',
    StoreID: '',
    TradeAmt: String(order.amount),
    TradeDate: '2026/06/22 15:30:00',
    TradeNo: order.tradeNo,
  };
  return new URLSearchParams({ ...fields, CheckMacValue: checkMacValue(fields) }).toString();
}

export const FORM_TYPE = 'application/x-www-form-urlencoded';
