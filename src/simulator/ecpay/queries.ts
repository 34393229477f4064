import { formatTaipei } from '../clock.ts';
import * as rule from './fields.ts';
import { codes, type Fault, findFault, numbered } from './fields.ts';
import { infoNotice } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { type EcpayOrder, findOrder, sentFields } from './order.ts';
import { cardInfo, codeData, feeOf, isCard, numberFields, orderInfo } from './payment-info.ts';
import { type SignedForm, serveSealed, serveSigned } from './service.ts';
import { infoNames } from './service-fields.ts';

/** A query's TimeStamp holds three minutes (ECPay developer docs p=2890). */
const TIMESTAMP_WINDOW_S = 180;

/** ECPay developer docs p=2890 and p=5615. */
const aioQueryRules = [
  rule.merchantIdRule,
  { name: 'MerchantTradeNo', required: true, max: 20 },
  { name: 'TimeStamp', required: true, max: 12, pattern: rule.positiveNumber },
  rule.platformRule,
  rule.checkMacRule,
];

/** ECPay developer docs p=28020 and p=28025. */
const sealedQueryRules = [rule.merchantIdRule, rule.tradeNoRule, rule.platformRule];

/** What both queries of the cashier tell; the answer is sorted by name. */
const commonFields = (order: EcpayOrder): SignedForm => ({
  ...sentFields(order, [...numbered('CustomField', 4), 'StoreID']),
  MerchantID: order.merchantId,
  MerchantTradeNo: order.merchantTradeNo,
  PaymentType: order.paymentType,
  TradeAmt: String(order.amount),
  TradeDate: formatTaipei(order.createdAt),
  TradeNo: order.tradeNo,
});

const GIVEN_UP = '10200095';

/** The payer's card was refused, or time ran out before a number was taken; an expired number stays "unpaid". */
const isGivenUp = (order: EcpayOrder): boolean =>
  order.status === 'declined' || (order.status === 'expired' && !order.info.ExpireDate);

function tradeFields(order: EcpayOrder): SignedForm {
  const isPaid = order.status === 'paid';
  const fee = isPaid ? feeOf(order) : 0;
  return {
    ...commonFields(order),
    HandlingCharge: String(Math.floor(fee)),
    ItemName: order.itemName,
    PaymentDate: order.paidAt === null ? '' : formatTaipei(order.paidAt),
    PaymentTypeChargeFee: String(fee),
    TradeStatus: isPaid ? '1' : isGivenUp(order) ? GIVEN_UP : '0',
  };
}

/** What an unknown order looks like, as recorded on ECPay's stage: everything there, nothing in it. */
function emptyTrade(MerchantID: string, MerchantTradeNo: string, TradeStatus: string): SignedForm {
  const texts = [...numbered('CustomField', 4), 'StoreID', 'ItemName', 'PaymentDate', 'PaymentType', 'TradeDate'];
  const zeros = { HandlingCharge: '0', PaymentTypeChargeFee: '0', TradeAmt: '0' };
  const empty = Object.fromEntries([...texts, 'TradeNo'].map((name) => [name, '']));
  return { ...empty, ...zeros, MerchantID, MerchantTradeNo, TradeStatus };
}

function infoFields(order: EcpayOrder | undefined, MerchantID: string, MerchantTradeNo: string): SignedForm {
  // Card orders and paid ones have no number to tell (ECPay developer docs p=5615).
  if (!order || order.status === 'paid' || !isNumberMethod(order.method) || Object.keys(order.info).length === 0) {
    return { MerchantID, MerchantTradeNo, RtnCode: codes.notFound, RtnMsg: 'Cannot find the trade data' };
  }
  const { code: RtnCode, message: RtnMsg } = infoNotice(order.method);
  const numbers = Object.entries({ ...numberFields(order), ...order.info }).filter(([, value]) => value !== '');
  return { ...commonFields(order), RtnCode, RtnMsg, ...Object.fromEntries(numbers) };
}

type AioReply = (order: EcpayOrder | undefined, merchantId: string, merchantTradeNo: string) => SignedForm;

const serveAioQuery = (reply: AioReply) =>
  serveSigned(aioQueryRules, ({ world, account, form }) => {
    const { MerchantTradeNo = '', TimeStamp = '' } = form;
    if (Math.abs(world.now() / 1000 - Number(TimeStamp)) > TIMESTAMP_WINDOW_S) {
      return { code: codes.parameter, message: 'Parameter Error. TimeStamp' };
    }
    const order = findOrder(world, account.merchantId, MerchantTradeNo);
    return reply(order?.kind === 'aio' ? order : undefined, account.merchantId, MerchantTradeNo);
  });

/** `POST /Cashier/QueryTradeInfo/V5`. */
export const queryTradeInfo = serveAioQuery((order, merchantId, merchantTradeNo) => {
  if (order) return tradeFields(order);
  // A number that could not exist is not echoed, as recorded on ECPay's stage.
  const isPossible = rule.tradeNo.test(merchantTradeNo);
  return isPossible
    ? emptyTrade(merchantId, merchantTradeNo, codes.notFound)
    : emptyTrade(merchantId, '', codes.tradeNo);
});

/** `POST /Cashier/QueryPaymentInfo`. */
export const queryPaymentInfo = serveAioQuery(infoFields);

function paidInfo(order: EcpayOrder): Record<string, unknown> {
  if (isCard(order)) return cardInfo(order);
  const isPaid = order.paidAt !== null;
  if (order.method === 'ATM') return { ATMAccBank: isPaid ? '822' : null, ATMAccNo: isPaid ? '12345' : null };
  if (order.method === 'BARCODE') return { PayFrom: isPaid ? 'family' : null };
  return { PayFrom: isPaid ? 'family' : null, PaymentNo: order.info.PaymentNo, PaymentURL: order.info.PaymentURL };
}

function sealedTrade(order: EcpayOrder, now: number): Record<string, unknown> {
  const status = isGivenUp(order) ? { TradeStatus: GIVEN_UP } : {};
  return {
    ...codeData(order, now, 'Success'),
    OrderInfo: { ...orderInfo(order, now), ...status, ProcessFee: 0, RefundAmount: order.card.refunded },
    [infoNames[order.method] ?? 'ATMInfo']: paidInfo(order),
  };
}

type SealedReply = (order: EcpayOrder, now: number) => Record<string, unknown>;

/** Orders of both JSON services, as far as the query is about them; the cashier's are known to the cashier only. */
function serveSealedQuery(isAbout: (order: EcpayOrder) => boolean, reply: SealedReply) {
  const refuse = (fault: Fault, MerchantID: string) => ({
    RtnCode: Number(fault.code),
    RtnMsg: fault.message,
    MerchantID,
  });
  return serveSealed(({ world, account, data, values }) => {
    const fault = findFault(sealedQueryRules, [], values, '');
    if (fault) return refuse(fault, account.merchantId);
    const order = findOrder(world, account.merchantId, String(data.MerchantTradeNo));
    return order && order.kind !== 'aio' && isAbout(order)
      ? reply(order, world.now())
      : refuse({ code: codes.sealedNotFound, message: '查無訂單' }, account.merchantId);
  });
}

/** `POST /1.0.0/Cashier/QueryTrade`. */
export const querySealedTrade = serveSealedQuery(() => true, sealedTrade);

/** `POST /1.0.0/Cashier/QueryPaymentInfo`: for numbers only (ECPay developer documentation, page 28025). */
export const querySealedPaymentInfo = serveSealedQuery(
  (order) => isNumberMethod(order.method),
  (order, now) => codeData(order, now, 'Success'),
);
