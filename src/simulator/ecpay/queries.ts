import { formatTaipei } from '../clock.ts';
import { answerText } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';
import { type Order, sentField } from '../order.ts';
import type { Call } from '../world.ts';
import { infoNames } from './background-fields.ts';
import { cardInfo, isCard } from './card-info.ts';
import { isFault, readSignedForm } from './checkout.ts';
import { checkMacValue, compareKeys } from './checksum.ts';
import { codes, type Fault, type FieldRule, findFault } from './fields.ts';
import { feeOf, infoNotice, numberFields, orderInfo } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { codeData, flatten } from './payment-code.ts';
import * as rule from './rules.ts';
import { answerSealed, openRequest } from './service.ts';

/** A query's TimeStamp holds three minutes (ECPay developer docs p=2890). */
const TIMESTAMP_WINDOW_S = 180;

/** ECPay developer docs p=2890 and p=5615. */
const aioQueryRules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'MerchantTradeNo', required: true, max: 20 },
  { name: 'TimeStamp', required: true, max: 12, pattern: rule.positiveNumber },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
  { name: 'CheckMacValue', required: true, code: codes.checkMac },
];

/** ECPay developer docs p=28020 and p=28025. */
const sealedQueryRules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'MerchantTradeNo', required: true, max: 20, pattern: rule.tradeNo, code: codes.tradeNo },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
];

/** Like a form, but raw: spaces, plus signs and Chinese characters stand as they are. */
export function rawBody(fields: Readonly<Record<string, string>>, account: SimulatorAccount): string {
  const pairs = Object.entries(fields).sort(([left], [right]) => compareKeys(left, right));
  const signed = [...pairs, ['CheckMacValue', checkMacValue(pairs, account)] as const];
  return signed.map(([name, value]) => `${name}=${value}`).join('&');
}

function answerFault(fault: Fault): Response {
  return answerText(`${fault.code}|${fault.message}`);
}

function customFields(order: Order): Record<string, string> {
  const names = ['CustomField1', 'CustomField2', 'CustomField3', 'CustomField4', 'StoreID'];
  return Object.fromEntries(names.map((name) => [name, sentField(order, name)]));
}

/** What an unknown order looks like, as recorded on ECPay's stage: everything there, nothing in it. */
function emptyTrade(merchantId: string, merchantTradeNo: string, status: string): Record<string, string> {
  return {
    CustomField1: '',
    CustomField2: '',
    CustomField3: '',
    CustomField4: '',
    StoreID: '',
    HandlingCharge: '0',
    ItemName: '',
    MerchantID: merchantId,
    MerchantTradeNo: merchantTradeNo,
    PaymentDate: '',
    PaymentType: '',
    PaymentTypeChargeFee: '0',
    TradeAmt: '0',
    TradeDate: '',
    TradeNo: '',
    TradeStatus: status,
  };
}

const GIVEN_UP = '10200095';

/** The payer's card was refused, or time ran out before a number was taken; an expired number stays "unpaid". */
function isGivenUp(order: Order): boolean {
  return order.status === 'declined' || (order.status === 'expired' && !order.info.ExpireDate);
}

function tradeStatus(order: Order): string {
  if (order.status === 'paid') return '1';
  return isGivenUp(order) ? GIVEN_UP : '0';
}

function tradeFields(order: Order): Record<string, string> {
  const fee = order.status === 'paid' ? feeOf(order) : 0;
  return {
    ...customFields(order),
    HandlingCharge: String(Math.floor(fee)),
    ItemName: order.itemName,
    MerchantID: order.merchantId,
    MerchantTradeNo: order.merchantTradeNo,
    PaymentDate: order.paidAt === null ? '' : formatTaipei(order.paidAt),
    PaymentType: order.paymentType,
    PaymentTypeChargeFee: String(fee),
    TradeAmt: String(order.amount),
    TradeDate: formatTaipei(order.createdAt),
    TradeNo: order.tradeNo,
    TradeStatus: tradeStatus(order),
  };
}

function infoFields(order: Order | undefined, merchantId: string, merchantTradeNo: string): Record<string, string> {
  // Card orders and paid ones have no number to tell (ECPay developer docs p=5615).
  if (!order || order.status === 'paid' || !isNumberMethod(order.method) || Object.keys(order.info).length === 0) {
    return {
      MerchantID: merchantId,
      MerchantTradeNo: merchantTradeNo,
      RtnCode: codes.notFound,
      RtnMsg: 'Cannot find the trade data',
    };
  }
  const notice = infoNotice(order.method);
  const numbers = Object.entries({ ...numberFields(order), ...order.info }).filter(([, value]) => value !== '');
  return {
    ...customFields(order),
    MerchantID: merchantId,
    MerchantTradeNo: merchantTradeNo,
    PaymentType: order.paymentType,
    RtnCode: notice.code,
    RtnMsg: notice.message,
    TradeAmt: String(order.amount),
    TradeDate: formatTaipei(order.createdAt),
    TradeNo: order.tradeNo,
    ...Object.fromEntries(numbers),
  };
}

type AioReply = (order: Order | undefined, merchantId: string, merchantTradeNo: string) => Record<string, string>;

function answerAioQuery(call: Call, reply: AioReply): Response {
  const { ledger, now } = call.world;
  const form = readSignedForm(call, (merchantId) => ledger.account(merchantId));
  if (isFault(form)) return answerFault(form);
  const fault = findFault(aioQueryRules, [], new Map(Object.entries(form)), '');
  if (fault) return answerFault(fault);
  const { MerchantID = '', MerchantTradeNo = '', TimeStamp = '' } = form;
  if (Math.abs(now() / 1000 - Number(TimeStamp)) > TIMESTAMP_WINDOW_S) {
    return answerFault({ code: codes.parameter, message: 'Parameter Error. TimeStamp' });
  }
  const account = ledger.account(MerchantID);
  const order = ledger.find(MerchantID, MerchantTradeNo);
  const found = order?.kind === 'aio' ? order : undefined;
  return account
    ? answerText(rawBody(reply(found, MerchantID, MerchantTradeNo), account))
    : answerFault({ code: codes.merchantId, message: 'MerchantID Error' });
}

/** `POST /Cashier/QueryTradeInfo/V5`. */
export function queryTradeInfo(call: Call): Response {
  return answerAioQuery(call, (order, merchantId, merchantTradeNo) => {
    if (order) return tradeFields(order);
    // A number that could not exist is not echoed, as recorded on ECPay's stage.
    const isPossible = rule.tradeNo.test(merchantTradeNo);
    return isPossible
      ? emptyTrade(merchantId, merchantTradeNo, codes.notFound)
      : emptyTrade(merchantId, '', codes.tradeNo);
  });
}

/** `POST /Cashier/QueryPaymentInfo`. */
export function queryPaymentInfo(call: Call): Response {
  return answerAioQuery(call, infoFields);
}

function paidInfo(order: Order): Record<string, unknown> {
  if (isCard(order)) return cardInfo(order);
  const isPaid = order.paidAt !== null;
  if (order.method === 'ATM') return { ATMAccBank: isPaid ? '822' : null, ATMAccNo: isPaid ? '12345' : null };
  if (order.method === 'BARCODE') return { PayFrom: isPaid ? 'family' : null };
  return { PayFrom: isPaid ? 'family' : null, PaymentNo: order.info.PaymentNo, PaymentURL: order.info.PaymentURL };
}

function sealedTrade(order: Order, now: number): Record<string, unknown> {
  const status = isGivenUp(order) ? { TradeStatus: GIVEN_UP } : {};
  return {
    ...codeData(order, now, 'Success'),
    OrderInfo: { ...orderInfo(order, now), ...status, ProcessFee: 0, RefundAmount: order.card?.refunded ?? 0 },
    [infoNames[order.method] ?? 'ATMInfo']: paidInfo(order),
  };
}

type SealedReply = (order: Order, now: number) => Record<string, unknown>;

/** Orders of both JSON services, as far as the query is about them; the cashier's are known to the cashier only. */
function answerSealedQuery(call: Call, isAbout: (order: Order) => boolean, reply: SealedReply): Response {
  const { ledger, now } = call.world;
  const opened = openRequest(call.body, call.contentType, call.world);
  if ('response' in opened) return opened.response;
  const { account, data } = opened;
  const refuse = (fault: Fault) =>
    answerSealed(
      { RtnCode: Number(fault.code), RtnMsg: fault.message, MerchantID: account.merchantId },
      account,
      now(),
    );
  const fault = findFault(sealedQueryRules, [], flatten(data), '');
  if (fault) return refuse(fault);
  const order = ledger.find(account.merchantId, String(data.MerchantTradeNo));
  if (!order || order.kind === 'aio' || !isAbout(order)) {
    return refuse({ code: codes.sealedNotFound, message: '查無訂單' });
  }
  return answerSealed(reply(order, now()), account, now());
}

/** `POST /1.0.0/Cashier/QueryTrade`. */
export function querySealedTrade(call: Call): Response {
  return answerSealedQuery(call, () => true, sealedTrade);
}

/** `POST /1.0.0/Cashier/QueryPaymentInfo`: for numbers only (ECPay developer documentation, page 28025). */
export function querySealedPaymentInfo(call: Call): Response {
  const hasNumber = (order: Order) => isNumberMethod(order.method);
  return answerSealedQuery(call, hasNumber, (order, now) => codeData(order, now, 'Success'));
}
