import { isRecord } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';
import { type Order, sentField } from '../order.ts';
import type { Call, World } from '../world.ts';
import { backgroundCombos, backgroundRules, infoNames } from './background-fields.ts';
import { cardInfo, isCard } from './card-info.ts';
import {
  duplicateFault,
  type Fault,
  type FieldValues,
  findFault,
  findFirewallFault,
  findTagFault,
  textOf,
} from './fields.ts';
import { orderInfo } from './notices.ts';
import { issueNumber, makeTradeNo } from './numbers.ts';
import { amountCombo } from './rules.ts';
import { answerSealed, openRequest } from './service.ts';

const ITEM_NAME_LENGTH = 400;
const ACCOUNT_LENGTH = 16;

/** Nested fields under dotted names, so that one table can speak about all of them. */
export function flatten(data: Record<string, unknown>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(data)) {
    values.set(name, value);
    if (isRecord(value)) for (const [inner, text] of Object.entries(value)) values.set(`${name}.${inner}`, text);
  }
  return values;
}

function findCodeFault(values: FieldValues, world: World): Fault | null {
  const method = textOf(values, 'ChoosePayment');
  const combos = [...backgroundCombos, amountCombo(method, 'OrderInfo.TotalAmount')];
  const texts = [textOf(values, 'OrderInfo.ItemName'), textOf(values, 'OrderInfo.TradeDesc')];
  const fault = findFault(backgroundRules, combos, values, method) ?? findFirewallFault(texts) ?? findTagFault(values);
  if (fault) return fault;
  const isUsed = world.ledger.isUsed(textOf(values, 'MerchantID'), textOf(values, 'OrderInfo.MerchantTradeNo'));
  return isUsed ? duplicateFault : null;
}

function paymentNumber(values: FieldValues, world: World, origin: string) {
  const method = textOf(values, 'ChoosePayment');
  const expire = textOf(values, `${infoNames[method]}.ExpireDate`);
  return issueNumber({
    method,
    amount: Number(textOf(values, 'OrderInfo.TotalAmount')),
    now: world.now(),
    random: world.random,
    expire: expire === '' ? null : Number(expire),
    bank: textOf(values, 'ATMInfo.ATMBankCode'),
    accountLength: ACCOUNT_LENGTH,
    origin,
  });
}

function makeOrder(data: Record<string, unknown>, values: FieldValues, world: World, origin: string): Order {
  const method = textOf(values, 'ChoosePayment');
  return {
    merchantId: textOf(values, 'MerchantID'),
    merchantTradeNo: textOf(values, 'OrderInfo.MerchantTradeNo'),
    tradeNo: makeTradeNo(world.now(), world.random),
    kind: 'background',
    amount: Number(textOf(values, 'OrderInfo.TotalAmount')),
    itemName: textOf(values, 'OrderInfo.ItemName').slice(0, ITEM_NAME_LENGTH),
    method,
    paymentType: method,
    status: 'issued',
    createdAt: world.now(),
    paidAt: null,
    simulated: false,
    installment: 0,
    ...paymentNumber(values, world, origin),
    fields: data,
    customField: textOf(values, 'CustomField'),
    returnUrl: textOf(values, 'OrderInfo.ReturnURL'),
    infoUrl: '',
    callbacks: [],
    last: null,
    pending: [],
  };
}

/** The answer to a new number, or to a payment made at once; QueryPaymentInfo gives the same again. */
export function codeData(order: Order, now: number, message: string): Record<string, unknown> {
  return {
    RtnCode: 1,
    RtnMsg: message,
    PlatformID: sentField(order, 'PlatformID'),
    MerchantID: order.merchantId,
    OrderInfo: orderInfo(order, now),
    [infoNames[order.method] ?? 'ATMInfo']: isCard(order) ? cardInfo(order) : order.info,
    CustomField: order.customField,
  };
}

function refusal(fault: Fault, account: SimulatorAccount, values: FieldValues): Record<string, unknown> {
  return {
    RtnCode: Number(fault.code),
    RtnMsg: fault.message,
    PlatformID: '',
    MerchantID: account.merchantId,
    OrderInfo: { MerchantTradeNo: textOf(values, 'OrderInfo.MerchantTradeNo') },
    CustomField: null,
  };
}

/** `POST /1.0.0/Cashier/GenPaymentCode` (ECPay developer docs p=27950). */
export function generateCode(call: Call): Response {
  const { world } = call;
  const opened = openRequest(call.body, call.contentType, world);
  if ('response' in opened) return opened.response;
  const values = flatten(opened.data);
  const fault = findCodeFault(values, world);
  if (fault) return answerSealed(refusal(fault, opened.account, values), opened.account, world.now());
  const order = world.ledger.put(makeOrder(opened.data, values, world, call.url.origin));
  return answerSealed(codeData(order, world.now(), '成功'), opened.account, world.now());
}
