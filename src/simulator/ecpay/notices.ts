import { formatTaipei } from '../clock.ts';
import type { SimulatorAccount } from '../options.ts';
import { type Notice, type Order, sentField } from '../order.ts';
import { infoNames } from './background-fields.ts';
import { cardInfo, isCard } from './card-info.ts';
import { checkMacValue } from './checksum.ts';
import { seal } from './envelope.ts';
import { extraPaidInfo } from './extra-info.ts';
import { codes } from './fields.ts';

/** A callback ready to be posted. */
export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Wordings per channel: ECPay developer docs p=2878 and p=2881; shops must not rely on them. */
export const paidNotice: Notice = { kind: 'paid', code: '1', message: '交易成功' };
export const declinedNotice: Notice = { kind: 'declined', code: codes.declined, message: '付款失敗' };
export const REPEATED = 'paid';
export const BROWSER = 'Succeeded';

/** `2` for a bank account, another code for store numbers (ECPay developer docs p=2881). */
export function infoNotice(method: string): Notice {
  if (method === 'ATM') return { kind: 'info', code: '2', message: 'Get VirtualAccount Succeeded' };
  return { kind: 'info', code: '10100073', message: 'Get CVS Code Succeeded.' };
}

/** ECPay's fee: a share of a card payment, which may have decimals, and a fixed sum for the rest. */
export function feeOf(order: Order): number {
  if (order.method === 'ATM' && order.kind !== 'aio') return Math.min(order.amount, 1500) / 100;
  if (order.method === 'ATM' || order.method === 'WebATM') return 10;
  if (order.method === 'CVS') return 26;
  if (order.method === 'BARCODE') return 15;
  return Math.round(order.amount * 2.75) / 100;
}

function commonFields(order: Order, notice: Notice): Record<string, string> {
  return {
    MerchantID: order.merchantId,
    MerchantTradeNo: order.merchantTradeNo,
    StoreID: sentField(order, 'StoreID'),
    RtnCode: notice.code,
    RtnMsg: notice.message,
    TradeNo: order.tradeNo,
    TradeAmt: String(order.amount),
    PaymentType: order.paymentType,
    TradeDate: formatTaipei(order.createdAt),
    CustomField1: sentField(order, 'CustomField1'),
    CustomField2: sentField(order, 'CustomField2'),
    CustomField3: sentField(order, 'CustomField3'),
    CustomField4: sentField(order, 'CustomField4'),
    ...(sentField(order, 'PlatformID') ? { PlatformID: sentField(order, 'PlatformID') } : {}),
  };
}

/** Number fields as the cashier names them; a store code leaves the barcodes empty and the other way round. */
export function numberFields(order: Order): Record<string, string> {
  const { PaymentURL: _, ...info } = order.info;
  if (order.method === 'ATM') return info;
  return { PaymentNo: '', Barcode1: '', Barcode2: '', Barcode3: '', ...info };
}

/** Unsigned fields of a cashier callback. */
export function aioFields(order: Order, notice: Notice, now: number): Record<string, string> {
  if (notice.kind === 'info') return { ...commonFields(order, notice), ...numberFields(order) };
  const result = {
    ...commonFields(order, notice),
    PaymentDate: formatTaipei(order.paidAt ?? now),
    PaymentTypeChargeFee: notice.kind === 'paid' ? String(feeOf(order)) : '0',
    SimulatePaid: order.simulated ? '1' : '0',
  };
  return sentField(order, 'NeedExtraPaidInfo') === 'Y' ? { ...result, ...extraPaidInfo(order, now) } : result;
}

export function signFields(
  fields: Readonly<Record<string, string>>,
  account: SimulatorAccount,
): Record<string, string> {
  return { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), account) };
}

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
/** As recorded from ECPay's background service. */
const jsonHeaders = {
  'content-type': 'application/json',
  accept: 'text/html',
  'user-agent': 'Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 5.0)',
};

export function formOutgoing(url: string, pairs: Iterable<readonly [string, string]>): Outgoing {
  const body = [...pairs].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return { url, headers: formHeaders, body: body.replaceAll('%20', '+') };
}

function payerInfo(order: Order): Record<string, unknown> {
  if (isCard(order)) return cardInfo(order);
  if (order.method === 'ATM')
    return order.simulated ? { ATMAccBank: '', ATMAccNo: '' } : { ATMAccBank: '822', ATMAccNo: '12345' };
  if (order.method === 'BARCODE') return { PayFrom: 'family' };
  const place = order.simulated ? {} : { PayStoreID: '012345', PayStoreName: '模擬門市' };
  return { PayFrom: 'family', PaymentNo: order.info.PaymentNo, PaymentURL: order.info.PaymentURL, ...place };
}

/** OrderInfo of the JSON services. A simulated payment keeps TradeStatus "0", as recorded on ECPay's stage. */
export function orderInfo(order: Order, now: number): Record<string, unknown> {
  const isPaid = order.paidAt !== null;
  return {
    MerchantTradeNo: order.merchantTradeNo,
    TradeNo: order.tradeNo,
    PaymentDate: isPaid ? formatTaipei(order.paidAt ?? now) : '',
    TradeAmt: order.amount,
    PaymentType: order.paymentType,
    TradeDate: formatTaipei(order.createdAt),
    ChargeFee: feeOf(order),
    TradeStatus: isPaid && !order.simulated ? '1' : '0',
  };
}

/** Inner data of the JSON services' notification (ECPay developer documentation, pages 28010 and 9058). */
export function backgroundData(order: Order, notice: Notice, now: number): Record<string, unknown> {
  return {
    RtnCode: Number(notice.code),
    RtnMsg: notice.kind === 'paid' ? 'Success' : notice.message,
    ...(order.simulated ? { SimulatePaid: 1 } : {}),
    MerchantID: order.merchantId,
    PlatformID: sentField(order, 'PlatformID'),
    OrderInfo: { ...orderInfo(order, now), ProcessFee: 0 },
    [infoNames[order.method] ?? 'ATMInfo']: payerInfo(order),
    CustomField: order.customField,
  };
}

export function envelopeOutgoing(url: string, merchantId: string, data: string, now: number): Outgoing {
  const RpHeader = { Timestamp: Math.floor(now / 1000) };
  const body = JSON.stringify({ MerchantID: merchantId, RpHeader, TransCode: 1, TransMsg: 'Success', Data: data });
  return { url, headers: jsonHeaders, body };
}

export function noticeUrl(order: Order, notice: Notice): string {
  return notice.kind === 'info' ? order.infoUrl : order.returnUrl;
}

/** The genuine callback for a notice. */
export function buildNotice(order: Order, notice: Notice, account: SimulatorAccount, now: number): Outgoing {
  const url = noticeUrl(order, notice);
  if (order.kind === 'aio')
    return formOutgoing(url, Object.entries(signFields(aioFields(order, notice, now), account)));
  return envelopeOutgoing(url, order.merchantId, seal(backgroundData(order, notice, now), account), now);
}
