import type { World } from '../world.ts';
import * as rule from './fields.ts';
import { type Fault, type FieldValues, findFault, textOf } from './fields.ts';
import { issueNumber } from './numbers.ts';
import { type EcpayOrder, isUsed, makeOrder } from './order.ts';
import { codeData } from './payment-info.ts';
import { type Asked, refuseOrder, serveSealed } from './service.ts';
import { backgroundCombos, backgroundRules, infoNames } from './service-fields.ts';

/** Of every bank, while the cashier gives some shorter ones. */
const ACCOUNT_LENGTH = 16;

/** What both JSON services look at beside their tables. */
export const findTextFault = (values: FieldValues): Fault | null =>
  rule.findFirewallFault(values) ?? rule.findTagFault(values);

export const isOrderUsed = (values: FieldValues, world: World): boolean =>
  isUsed(world, textOf(values, 'MerchantID'), textOf(values, 'OrderInfo.MerchantTradeNo'));

function findCodeFault(values: FieldValues, world: World): Fault | null {
  const method = textOf(values, 'ChoosePayment');
  const combos = [...backgroundCombos, rule.amountCombo(method, 'OrderInfo.TotalAmount')];
  const fault = findFault(backgroundRules, combos, values, method) ?? findTextFault(values);
  return fault ?? (isOrderUsed(values, world) ? rule.duplicateFault : null);
}

/** What an order says in the same place in both JSON services. */
export const orderParts = (values: FieldValues) => ({
  merchantId: textOf(values, 'MerchantID'),
  merchantTradeNo: textOf(values, 'OrderInfo.MerchantTradeNo'),
  amount: Number(textOf(values, 'OrderInfo.TotalAmount')),
  itemName: textOf(values, 'OrderInfo.ItemName'),
  customField: textOf(values, 'CustomField'),
  returnUrl: textOf(values, 'OrderInfo.ReturnURL'),
});

/** A number as asked for in the method's own object, where `store` is what the deadline of the stores is called. */
export function issueServiceNumber(
  { call, world, values }: Omit<Asked, 'data' | 'account'>,
  method: string,
  store: string,
) {
  const expire = textOf(values, `${infoNames[method]}.${method === 'ATM' ? 'ExpireDate' : store}`);
  return issueNumber({
    method,
    amount: orderParts(values).amount,
    now: world.now(),
    random: world.random,
    expire: expire === '' ? null : Number(expire),
    bank: textOf(values, 'ATMInfo.ATMBankCode'),
    accountLength: ACCOUNT_LENGTH,
    origin: call.url.origin,
  });
}

function makeCodeOrder(asked: Asked): EcpayOrder {
  const method = textOf(asked.values, 'ChoosePayment');
  return makeOrder(asked.world, {
    ...orderParts(asked.values),
    kind: 'background',
    method,
    paymentType: method,
    status: 'issued',
    ...issueServiceNumber(asked, method, 'ExpireDate'),
    fields: asked.data,
  });
}

/** `POST /1.0.0/Cashier/GenPaymentCode` (ECPay developer docs p=27950). */
export const generateCode = serveSealed((asked) => {
  const { world, account, values } = asked;
  const fault = findCodeFault(values, world);
  if (fault) return refuseOrder(fault, account.merchantId, textOf(values, 'OrderInfo.MerchantTradeNo'));
  return codeData(makeCodeOrder(asked), world.now(), '成功');
});
