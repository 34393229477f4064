import type { Order } from '../order.ts';
import { sentField } from '../order.ts';
import type { World } from '../world.ts';
import { openMethods } from './aio-fields.ts';
import { findBank, isNumberMethod, issueNumber, makeTradeNo } from './numbers.ts';
import { isAmountFine } from './rules.ts';

const ITEM_NAME_LENGTH = 400;

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

/** The order a valid cashier request makes; its number is issued separately. */
export function makeAioOrder(sent: Readonly<Record<string, string>>, world: World): Order {
  const { CheckMacValue: _, ...fields } = sent;
  const method = sent.ChoosePayment ?? '';
  return {
    merchantId: sent.MerchantID ?? '',
    merchantTradeNo: sent.MerchantTradeNo ?? '',
    tradeNo: makeTradeNo(world.now(), world.random),
    kind: 'aio',
    amount: Number(sent.TotalAmount),
    itemName: (sent.ItemName ?? '').slice(0, ITEM_NAME_LENGTH),
    method,
    paymentType: paymentTypeOf(method, sent.ChooseSubPayment ?? ''),
    status: 'created',
    createdAt: world.now(),
    paidAt: null,
    simulated: false,
    deadline: null,
    installment: 0,
    info: {},
    fields: { ...fields, ItemName: (sent.ItemName ?? '').slice(0, ITEM_NAME_LENGTH) },
    customField: sent.CustomField1 ?? '',
    returnUrl: sent.ReturnURL ?? '',
    infoUrl: sent.PaymentInfoURL ?? '',
    callbacks: [],
    last: null,
    pending: [],
  };
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
export function chooseMethod(order: Order, method: string): Order {
  return { ...order, method, paymentType: paymentTypeOf(method, '') };
}

/** Deadlines are days for ATM and BARCODE and minutes for CVS. */
function expireWish(order: Order): number | null {
  const text = sentField(order, order.method === 'ATM' ? 'ExpireDate' : 'StoreExpireDate');
  return text === '' ? null : Number(text);
}

/** Gives the order its payment number. */
export function issueAioNumber(order: Order, world: World, origin: string): Order {
  const { info, deadline } = issueNumber({
    method: order.method,
    amount: order.amount,
    now: world.now(),
    random: world.random,
    expire: expireWish(order),
    bank: order.paymentType.slice('ATM_'.length),
    accountLength: null,
    origin,
  });
  return { ...order, info, deadline, status: order.status === 'created' ? 'issued' : order.status };
}

export function needsNumber(order: Order): boolean {
  return order.kind === 'aio' && isNumberMethod(order.method) && Object.keys(order.info).length === 0;
}
