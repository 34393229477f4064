import { formatTaipei } from '../clock.ts';
import { type EcpayOrder, sentField, sentFields } from './order.ts';
import { infoNames } from './service-fields.ts';

/** ECPay's fee: a share of a card payment, which may have decimals, and a fixed sum for the rest. */
export function feeOf(order: EcpayOrder): number {
  if (order.method === 'ATM' && order.kind !== 'aio') return Math.min(order.amount, 1500) / 100;
  if (order.method === 'ATM' || order.method === 'WebATM') return 10;
  if (order.method === 'CVS') return 26;
  if (order.method === 'BARCODE') return 15;
  return Math.round(order.amount * 2.75) / 100;
}

/** Number fields as the cashier names them; a store code leaves the barcodes empty and the other way round. */
export function numberFields(order: EcpayOrder): Record<string, string> {
  const { PaymentURL: _, ...info } = order.info;
  if (order.method === 'ATM') return info;
  return { PaymentNo: '', Barcode1: '', Barcode2: '', Barcode3: '', ...info };
}

/** OrderInfo of the JSON services. A simulated payment keeps TradeStatus "0", as recorded on ECPay's stage. */
export function orderInfo(order: EcpayOrder, now: number): Record<string, unknown> {
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

/** The answer to a new number, or to a payment made at once; QueryPaymentInfo gives the same again. */
export const codeData = (order: EcpayOrder, now: number, message: string): Record<string, unknown> => ({
  RtnCode: 1,
  RtnMsg: message,
  PlatformID: sentField(order, 'PlatformID'),
  MerchantID: order.merchantId,
  OrderInfo: orderInfo(order, now),
  [infoNames[order.method] ?? 'ATMInfo']: isCard(order) ? cardInfo(order) : order.info,
  CustomField: order.customField,
});

/** CreatePayment's answer when the payer has to be sent away first (ECPay developer documentation, page 9053). */
export function secureData(order: EcpayOrder): Record<string, unknown> {
  const { ThreeDURL, UnionPayURL } = order.info;
  return {
    RtnCode: 1,
    RtnMsg: 'Success',
    PlatformID: sentField(order, 'PlatformID'),
    MerchantID: order.merchantId,
    OrderInfo: { MerchantTradeNo: order.merchantTradeNo },
    ...(UnionPayURL ? { UnionPayInfo: { UnionPayURL } } : { ThreeDInfo: { ThreeDURL: ThreeDURL ?? '' } }),
  };
}

export const isCard = (order: EcpayOrder): boolean => order.method === 'Credit' || order.method === 'UnionPay';

/** First instalment and each of the others; the remainder of the division belongs to the first. */
function splitInstallments(order: EcpayOrder): { first: number; each: number } {
  if (order.installment === 0) return { first: 0, each: 0 };
  const each = Math.floor(order.amount / order.installment);
  return { first: order.amount - each * (order.installment - 1), each };
}

/** CardInfo of payments in the shop's own page (ECPay developer documentation, page 9053): integers, not texts. */
export function cardInfo(order: EcpayOrder): Record<string, unknown> {
  const isPaid = order.paidAt !== null;
  const { first, each } = splitInstallments(order);
  return {
    AuthCode: isPaid ? '777777' : '',
    Gwsr: isPaid ? Number(order.tradeNo.slice(-8)) : 0,
    ProcessDate: isPaid ? formatTaipei(order.paidAt) : '',
    Amount: isPaid ? order.amount : 0,
    Stage: order.installment,
    Stast: first,
    Staed: each,
    // Without 3-D Secure there is no indicator.
    Eci: isPaid && order.info.ThreeDURL ? 5 : 0,
    Card6No: isPaid ? '431195' : '',
    Card4No: isPaid ? '2222' : '',
    RedDan: 0,
    RedDeAmt: 0,
    RedOkAmt: 0,
    RedYet: 0,
    IssuingBank: isPaid ? '模擬銀行' : '',
    IssuingBankCode: isPaid ? '000' : '',
  };
}

/** Names in ECPay's own mixed case (ECPay developer docs p=5675); all are sent, most of them empty. */
const extraNames = [
  'AlipayID AlipayTradeNo amount ATMAccBank ATMAccNo auth_code card4no card6no eci ExecTimes Frequency gwsr',
  'PayFrom PaymentNo PeriodAmount PeriodType process_date red_dan red_de_amt red_ok_amt red_yet staed stage',
  'stast TenpayTradeNo TotalSuccessAmount TotalSuccessTimes TWQRTradeNo WebATMAccBank WebATMAccNo',
  'WebATMBankName',
].flatMap((line) => line.split(' '));

function extraCardInfo(order: EcpayOrder, now: number): Record<string, string> {
  const { first, each } = splitInstallments(order);
  return {
    amount: String(order.amount),
    auth_code: '777777',
    card4no: '2222',
    card6no: '431195',
    eci: '5',
    gwsr: order.tradeNo.slice(-8),
    process_date: formatTaipei(order.paidAt ?? now),
    red_dan: '0',
    red_de_amt: '0',
    red_ok_amt: '0',
    red_yet: '0',
    staed: String(each),
    stage: String(order.installment),
    stast: String(first),
    ...periodInfo(order),
  };
}

function periodInfo(order: EcpayOrder): Record<string, string> {
  if (!sentField(order, 'PeriodAmount')) return {};
  return {
    ...sentFields(order, ['PeriodAmount', 'PeriodType', 'Frequency', 'ExecTimes']),
    TotalSuccessTimes: '1',
    TotalSuccessAmount: String(order.amount),
  };
}

const byMethod: Readonly<Record<string, (order: EcpayOrder, now: number) => Record<string, string>>> = {
  Credit: extraCardInfo,
  ApplePay: extraCardInfo,
  ATM: () => ({ ATMAccBank: '822', ATMAccNo: '12345' }),
  WebATM: () => ({ WebATMAccBank: '822', WebATMAccNo: '12345', WebATMBankName: '中國信託' }),
  CVS: (order) => ({ PayFrom: 'family', PaymentNo: order.info.PaymentNo ?? '' }),
  BARCODE: () => ({ PayFrom: 'family' }),
  TWQR: (order) => ({ TWQRTradeNo: `TWQR${order.tradeNo}` }),
};

/** What NeedExtraPaidInfo=Y adds to a callback. */
export function extraPaidInfo(order: EcpayOrder, now: number): Record<string, string> {
  const empty = Object.fromEntries(extraNames.map((name) => [name, '']));
  return { ...empty, ...byMethod[order.method]?.(order, now) };
}
