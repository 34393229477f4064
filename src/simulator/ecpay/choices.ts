import { type FieldValues, isAmountFine, textOf } from './fields.ts';
import { listedMethods } from './service-fields.ts';

/** What CreatePayment makes of a choice. */
type Outcome = 'paid' | 'refused' | 'secure' | 'number';

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

type Offer = [id: string, listed: string, info: string, method: string, outcome: Outcome, zh: string, en: string];

/** `listed` is the method's number in ChoosePaymentList, `info` the object that has to be sent for it. */
const offers: readonly Offer[] = [
  ['card', '1', 'CardInfo', 'Credit', 'paid', '信用卡（不需 3D 驗證）', 'Card without 3-D Secure'],
  ['card-3d', '1', 'CardInfo', 'Credit', 'secure', '信用卡（3D 驗證）', 'Card with 3-D Secure'],
  ['card-refused', '1', 'CardInfo', 'Credit', 'refused', '信用卡（銀行拒絕）', 'Card that the bank refuses'],
  ['unionpay', '6', 'UnionPayInfo', 'UnionPay', 'secure', '銀聯卡', 'UnionPay'],
  ['atm', '3', 'ATMInfo', 'ATM', 'number', 'ATM 轉帳', 'ATM transfer'],
  ['cvs', '4', 'CVSInfo', 'CVS', 'number', '超商代碼', 'Store code'],
  ['barcode', '5', 'BarcodeInfo', 'BARCODE', 'number', '超商條碼', 'Store barcode'],
];

function offeredChoices(values: FieldValues): Choice[] {
  const listed = listedMethods(values);
  return offers
    .filter(([, number, info]) => listed.includes(number) || (listed.includes('0') && values.get(info) !== undefined))
    .map(([id, , , method, outcome, zh, en]) => ({ id, zh, en, method, paymentType: method, outcome, installment: 0 }));
}

/** A card that is paid in instalments; the period begins with their number. */
function installmentChoice(id: string, period: string, paymentType: string, zh: string, en: string): Choice {
  const installment = Number.parseInt(period, 10);
  return { id: `${id}-${period}`, zh, en, method: 'Credit', paymentType, outcome: 'secure', installment };
}

function installmentChoices(values: FieldValues): Choice[] {
  if (!listedMethods(values).some((method) => method === '0' || method === '2')) return [];
  const periods = textOf(values, 'CardInfo.CreditInstallment').split(',').filter(Boolean);
  return periods.map((period) =>
    installmentChoice('installment', period, 'Credit', `信用卡分期 ${period} 期`, `Card, ${period} instalments`),
  );
}

function selfPaidChoices(values: FieldValues): Choice[] {
  const period = textOf(values, 'CardInfo.FlexibleInstallment');
  const en = `Card, ${period} instalments paid for by the payer`;
  const choice = installmentChoice('self-paid', period, 'FlexibleInstallment', `自費分期 ${period} 期`, en);
  return period === '' ? [] : [choice];
}

/** Everything a token lets its payer choose from; Apple Pay needs a device and is left out. */
export function choicesOf(values: FieldValues): Choice[] {
  const amount = Number(textOf(values, 'OrderInfo.TotalAmount'));
  const all = [...offeredChoices(values), ...installmentChoices(values), ...selfPaidChoices(values)];
  return all.filter((choice) => isAmountFine(choice.method, amount));
}
