import { formatTaipei } from '../clock.ts';
import { type Order, sentField } from '../order.ts';
import { splitInstallments } from './card-info.ts';

/** Names in ECPay's own mixed case (ECPay developer docs p=5675); all are sent, most of them empty. */
const names = [
  'AlipayID',
  'AlipayTradeNo',
  'amount',
  'ATMAccBank',
  'ATMAccNo',
  'auth_code',
  'card4no',
  'card6no',
  'eci',
  'ExecTimes',
  'Frequency',
  'gwsr',
  'PayFrom',
  'PaymentNo',
  'PeriodAmount',
  'PeriodType',
  'process_date',
  'red_dan',
  'red_de_amt',
  'red_ok_amt',
  'red_yet',
  'staed',
  'stage',
  'stast',
  'TenpayTradeNo',
  'TotalSuccessAmount',
  'TotalSuccessTimes',
  'TWQRTradeNo',
  'WebATMAccBank',
  'WebATMAccNo',
  'WebATMBankName',
] as const;

function cardInfo(order: Order, now: number): Record<string, string> {
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

function periodInfo(order: Order): Record<string, string> {
  if (!sentField(order, 'PeriodAmount')) return {};
  return {
    PeriodAmount: sentField(order, 'PeriodAmount'),
    PeriodType: sentField(order, 'PeriodType'),
    Frequency: sentField(order, 'Frequency'),
    ExecTimes: sentField(order, 'ExecTimes'),
    TotalSuccessTimes: '1',
    TotalSuccessAmount: String(order.amount),
  };
}

const byMethod: Readonly<Record<string, (order: Order, now: number) => Record<string, string>>> = {
  Credit: cardInfo,
  ApplePay: cardInfo,
  ATM: () => ({ ATMAccBank: '822', ATMAccNo: '12345' }),
  WebATM: () => ({ WebATMAccBank: '822', WebATMAccNo: '12345', WebATMBankName: '中國信託' }),
  CVS: (order) => ({ PayFrom: 'family', PaymentNo: order.info.PaymentNo ?? '' }),
  BARCODE: () => ({ PayFrom: 'family' }),
  TWQR: (order) => ({ TWQRTradeNo: `TWQR${order.tradeNo}` }),
};

/** What NeedExtraPaidInfo=Y adds to a callback. */
export function extraPaidInfo(order: Order, now: number): Record<string, string> {
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  return { ...empty, ...byMethod[order.method]?.(order, now) };
}
