import { formatTaipei } from '../clock.ts';
import type { SimulatorAccount } from '../options.ts';
import type { Callback, SavedCallback, SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { findAccount, needAccount } from './accounts.ts';
import { checkMacValue } from './checksum.ts';
import { seal } from './envelope.ts';
import { codes, numbered } from './fields.ts';
import { type EcpayOrder, keyOf, type Notice, orders, sentField, sentFields } from './order.ts';
import { cardInfo, extraPaidInfo, feeOf, isCard, numberFields, orderInfo } from './payment-info.ts';
import { infoNames } from './service-fields.ts';

/** Wordings per channel: ECPay developer docs p=2878 and p=2881; shops must not rely on them. */
export const paidNotice: Notice = { kind: 'paid', code: '1', message: '交易成功' };
export const declinedNotice: Notice = { kind: 'declined', code: codes.declined, message: '付款失敗' };
const REPEATED = 'paid';
export const BROWSER = 'Succeeded';

/** `2` for a bank account, another code for store numbers (ECPay developer docs p=2881). */
export function infoNotice(method: string): Notice {
  if (method === 'ATM') return { kind: 'info', code: '2', message: 'Get VirtualAccount Succeeded' };
  return { kind: 'info', code: '10100073', message: 'Get CVS Code Succeeded.' };
}

const commonFields = (order: EcpayOrder, notice: Notice): Record<string, string> => ({
  MerchantID: order.merchantId,
  MerchantTradeNo: order.merchantTradeNo,
  StoreID: sentField(order, 'StoreID'),
  RtnCode: notice.code,
  RtnMsg: notice.message,
  TradeNo: order.tradeNo,
  TradeAmt: String(order.amount),
  PaymentType: order.paymentType,
  TradeDate: formatTaipei(order.createdAt),
  ...sentFields(order, numbered('CustomField', 4)),
  ...(sentField(order, 'PlatformID') ? sentFields(order, ['PlatformID']) : {}),
});

/** Unsigned fields of a cashier callback. */
export function aioFields(order: EcpayOrder, notice: Notice, now: number): Record<string, string> {
  if (notice.kind === 'info') return { ...commonFields(order, notice), ...numberFields(order) };
  const result = {
    ...commonFields(order, notice),
    PaymentDate: formatTaipei(order.paidAt ?? now),
    PaymentTypeChargeFee: notice.kind === 'paid' ? String(feeOf(order)) : '0',
    SimulatePaid: order.simulated ? '1' : '0',
  };
  return sentField(order, 'NeedExtraPaidInfo') === 'Y' ? { ...result, ...extraPaidInfo(order, now) } : result;
}

export const signFields = (
  fields: Readonly<Record<string, string>>,
  account: SimulatorAccount,
): Record<string, string> => ({ ...fields, CheckMacValue: checkMacValue(Object.entries(fields), account) });

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
/** As recorded from ECPay's background service. */
const jsonHeaders = {
  'content-type': 'application/json',
  accept: 'text/html',
  'user-agent': 'Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 5.0)',
};

export const headersOf = (order: EcpayOrder): Readonly<Record<string, string>> =>
  order.kind === 'aio' ? formHeaders : jsonHeaders;

export function writeForm(pairs: Iterable<readonly [string, string]>): string {
  const body = [...pairs].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return body.replaceAll('%20', '+');
}

function payerInfo(order: EcpayOrder): Record<string, unknown> {
  if (isCard(order)) return cardInfo(order);
  if (order.method === 'ATM')
    return order.simulated ? { ATMAccBank: '', ATMAccNo: '' } : { ATMAccBank: '822', ATMAccNo: '12345' };
  if (order.method === 'BARCODE') return { PayFrom: 'family' };
  const place = order.simulated ? {} : { PayStoreID: '012345', PayStoreName: '模擬門市' };
  return { PayFrom: 'family', PaymentNo: order.info.PaymentNo, PaymentURL: order.info.PaymentURL, ...place };
}

/** Inner data of the JSON services' notification (ECPay developer documentation, pages 28010 and 9058). */
export const backgroundData = (order: EcpayOrder, notice: Notice, now: number): Record<string, unknown> => ({
  RtnCode: Number(notice.code),
  RtnMsg: notice.kind === 'paid' ? 'Success' : notice.message,
  ...(order.simulated ? { SimulatePaid: 1 } : {}),
  MerchantID: order.merchantId,
  PlatformID: sentField(order, 'PlatformID'),
  OrderInfo: { ...orderInfo(order, now), ProcessFee: 0 },
  [infoNames[order.method] ?? 'ATMInfo']: payerInfo(order),
  CustomField: order.customField,
});

export function writeEnvelope(merchantId: string, data: string, now: number): string {
  const RpHeader = { Timestamp: Math.floor(now / 1000) };
  return JSON.stringify({ MerchantID: merchantId, RpHeader, TransCode: 1, TransMsg: 'Success', Data: data });
}

const writeNotice = (order: EcpayOrder, notice: Notice, account: SimulatorAccount, now: number): string =>
  order.kind === 'aio'
    ? writeForm(Object.entries(signFields(aioFields(order, notice, now), account)))
    : writeEnvelope(order.merchantId, seal(backgroundData(order, notice, now), account), now);

/** The only answer that counts, with status 200 and nothing around it (ECPay developer docs p=2878). */
export const isAcknowledged = (status: number, answer: string): boolean => status === 200 && answer === '1|OK';

/** ECPay words a repeated callback differently from the first one. */
function makeCallback(world: World, order: EcpayOrder, notice: Notice, isAgain: boolean): Callback {
  const account = needAccount(world, order.merchantId);
  const worded = isAgain && notice.kind === 'paid' ? { ...notice, message: REPEATED } : notice;
  return {
    kind: notice.kind,
    url: notice.kind === 'info' ? order.infoUrl : order.returnUrl,
    headers: headersOf(order),
    // Written when it goes out: a delayed callback tells how things are then.
    get body() {
      return writeNotice(orders.refresh(world, order), worded, account, world.now());
    },
    isAcknowledged,
    record: (record) => orders.keepRecord(world, order, record),
    again: () => makeCallback(world, order, notice, true),
    saved: { stand: 'ecpay', order: keyOf(order), note: { notice, isAgain } },
  };
}

/** Tells the shop, unless it gave no address for that. */
export async function tell(
  world: World,
  order: EcpayOrder,
  notice: Notice,
  plan: SendPlan,
  isAgain = false,
): Promise<EcpayOrder> {
  const callback = makeCallback(world, order, notice, isAgain);
  if (callback.url.trim() === '') return order;
  orders.change(world, order, { last: notice });
  await world.sender.send(callback, plan);
  return orders.refresh(world, order);
}

/** A callback that was waiting when the process ended. */
export function restoreCallback(world: World, saved: SavedCallback): Callback | null {
  const order = orders.shelf(world).get(saved.order);
  const { notice, isAgain } = saved.note as { readonly notice: Notice; readonly isAgain: boolean };
  return order && findAccount(world, order.merchantId) ? makeCallback(world, order, notice, isAgain) : null;
}
