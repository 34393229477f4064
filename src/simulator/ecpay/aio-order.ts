import type { World } from '../world.ts';
import { openMethods } from './aio-fields.ts';
import { isAmountFine } from './fields.ts';
import { findBank, isNumberMethod, issueNumber } from './numbers.ts';
import { type EcpayOrder, makeOrder, sentField } from './order.ts';

/** PaymentType of methods that have no choice of their own (ECPay developer docs p=5686). */
const fixedTypes: Readonly<Record<string, string>> = {
  Credit: 'Credit_CreditCard',
  BARCODE: 'BARCODE_BARCODE',
  ApplePay: 'ApplePay',
  TWQR: 'TWQR_OPAY',
  WeiXin: 'WeiXin',
  BNPL: 'BNPL_URICH',
  DigitalPayment: 'DigitalPayment_Jkopay',
};

function paymentTypeOf(method: string, subPayment: string): string {
  if (method === 'ATM') return `ATM_${findBank(subPayment).name}`;
  if (method === 'WebATM') return `WebATM_${subPayment || 'TAISHIN'}`;
  if (method === 'CVS') return `CVS_${subPayment || 'CVS'}`;
  return fixedTypes[method] ?? '';
}

const ITEM_NAME_LENGTH = 400;

/** The order a valid cashier request makes; its number is issued separately. */
export function makeAioOrder(sent: Readonly<Record<string, string>>, world: World): EcpayOrder {
  const { CheckMacValue: _, ...fields } = sent;
  const method = sent.ChoosePayment ?? '';
  const itemName = (sent.ItemName ?? '').slice(0, ITEM_NAME_LENGTH);
  return makeOrder(world, {
    merchantId: sent.MerchantID ?? '',
    merchantTradeNo: sent.MerchantTradeNo ?? '',
    kind: 'aio',
    amount: Number(sent.TotalAmount),
    itemName,
    method,
    paymentType: paymentTypeOf(method, sent.ChooseSubPayment ?? ''),
    fields: { ...fields, ItemName: itemName },
    customField: sent.CustomField1 ?? '',
    returnUrl: sent.ReturnURL ?? '',
    infoUrl: sent.PaymentInfoURL ?? '',
  });
}

/** What the payer may choose from: everything for ALL but what the shop or the amount rules out. */
export function offeredMethods(sent: Readonly<Record<string, unknown>>): string[] {
  const method = String(sent.ChoosePayment ?? '');
  if (method !== 'ALL') return [method];
  const ignored = String(sent.IgnorePayment ?? '').split('#');
  const amount = Number(sent.TotalAmount);
  return openMethods.filter((name) => !ignored.includes(name) && isAmountFine(name, amount));
}

/** Narrows an order for ALL to the method the payer chose. */
export const chooseMethod = (method: string): Pick<EcpayOrder, 'method' | 'paymentType'> => ({
  method,
  paymentType: paymentTypeOf(method, ''),
});

/** The payment number of an order of the cashier. Deadlines are days for ATM and BARCODE and minutes for CVS. */
export function issueAioNumber(order: EcpayOrder, world: World, origin: string): Partial<EcpayOrder> {
  const expire = sentField(order, order.method === 'ATM' ? 'ExpireDate' : 'StoreExpireDate');
  const issued = issueNumber({
    method: order.method,
    amount: order.amount,
    now: world.now(),
    random: world.random,
    expire: expire === '' ? null : Number(expire),
    bank: order.paymentType.slice('ATM_'.length),
    accountLength: null,
    origin,
  });
  return { ...issued, status: order.status === 'created' ? 'issued' : order.status };
}

export const needsNumber = (order: EcpayOrder): boolean =>
  order.kind === 'aio' && isNumberMethod(order.method) && Object.keys(order.info).length === 0;
