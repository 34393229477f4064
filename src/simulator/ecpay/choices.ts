import type { FieldValues } from './fields.ts';
import { textOf } from './fields.ts';
import { isAmountFine } from './rules.ts';
import { listedMethods } from './token-fields.ts';

/** What CreatePayment makes of a choice. */
export type Outcome = 'paid' | 'refused' | 'secure' | 'number';

/** One way to pay that the script on the pay page offers. */
export interface Choice {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly method: string;
  readonly paymentType: string;
  readonly outcome: Outcome;
  readonly installment: number;
}

interface Offer extends Omit<Choice, 'installment'> {
  /** The method's number in ChoosePaymentList. */
  readonly listed: string;
  /** The object that has to be sent for it. */
  readonly info: string;
}

const card = { listed: '1', info: 'CardInfo', method: 'Credit', paymentType: 'Credit' } as const;

const offers: readonly Offer[] = [
  { ...card, id: 'card', zh: '信用卡（不需 3D 驗證）', en: 'Card without 3-D Secure', outcome: 'paid' },
  { ...card, id: 'card-3d', zh: '信用卡（3D 驗證）', en: 'Card with 3-D Secure', outcome: 'secure' },
  { ...card, id: 'card-refused', zh: '信用卡（銀行拒絕）', en: 'Card that the bank refuses', outcome: 'refused' },
  {
    id: 'unionpay',
    listed: '6',
    info: 'UnionPayInfo',
    zh: '銀聯卡',
    en: 'UnionPay',
    method: 'UnionPay',
    paymentType: 'UnionPay',
    outcome: 'secure',
  },
  {
    id: 'atm',
    listed: '3',
    info: 'ATMInfo',
    zh: 'ATM 轉帳',
    en: 'ATM transfer',
    method: 'ATM',
    paymentType: 'ATM',
    outcome: 'number',
  },
  {
    id: 'cvs',
    listed: '4',
    info: 'CVSInfo',
    zh: '超商代碼',
    en: 'Store code',
    method: 'CVS',
    paymentType: 'CVS',
    outcome: 'number',
  },
  {
    id: 'barcode',
    listed: '5',
    info: 'BarcodeInfo',
    zh: '超商條碼',
    en: 'Store barcode',
    method: 'BARCODE',
    paymentType: 'BARCODE',
    outcome: 'number',
  },
];

function offeredChoices(values: FieldValues): Choice[] {
  const listed = listedMethods(values);
  return offers
    .filter((offer) => listed.includes(offer.listed) || (listed.includes('0') && values.get(offer.info) !== undefined))
    .map(({ listed: _, info: __, ...choice }) => ({ ...choice, installment: 0 }));
}

function installmentChoices(values: FieldValues): Choice[] {
  if (!listedMethods(values).some((method) => method === '0' || method === '2')) return [];
  const periods = textOf(values, 'CardInfo.CreditInstallment').split(',').filter(Boolean);
  return periods.map((period) => ({
    id: `installment-${period}`,
    zh: `信用卡分期 ${period} 期`,
    en: `Card, ${period} instalments`,
    method: 'Credit',
    paymentType: 'Credit',
    outcome: 'secure',
    installment: Number.parseInt(period, 10),
  }));
}

function selfPaidChoices(values: FieldValues): Choice[] {
  const period = textOf(values, 'CardInfo.FlexibleInstallment');
  if (period === '') return [];
  return [
    {
      id: `self-paid-${period}`,
      zh: `自費分期 ${period} 期`,
      en: `Card, ${period} instalments paid for by the payer`,
      method: 'Credit',
      paymentType: 'FlexibleInstallment',
      outcome: 'secure',
      installment: Number(period),
    },
  ];
}

/** Everything a token lets its payer choose from; Apple Pay needs a device and is left out. */
export function choicesOf(values: FieldValues): Choice[] {
  const amount = Number(textOf(values, 'OrderInfo.TotalAmount'));
  const all = [...offeredChoices(values), ...installmentChoices(values), ...selfPaidChoices(values)];
  return all.filter((choice) => isAmountFine(choice.method, amount));
}
