import * as rule from './fields.ts';
import { alike, type ComboRule, combo, type FieldRule, type FieldValues, has, numbered, textOf } from './fields.ts';

/** Everything the cashier can be asked for (ECPay developer docs p=2862 and the pages after it). */
const cashierMethods = [
  'Credit',
  'ATM',
  'CVS',
  'BARCODE',
  'WebATM',
  'ApplePay',
  'TWQR',
  'BNPL',
  'WeiXin',
  'DigitalPayment',
] as const;

/** What a payer may be offered for ALL; wallets need a contract of their own and are asked for by name. */
export const openMethods: readonly string[] = cashierMethods.filter((name) => name !== 'DigitalPayment');
const card = ['ALL', 'Credit'];
export const storeCodes = ['CVS', 'OK', 'FAMILY', 'HILIFE', 'IBON'];

/** ECPay developer docs p=5679; WebATM's list changes with the banks, so only its shape is looked at. */
const subPayments: Readonly<Record<string, readonly string[]>> = {
  ATM: ['BOT', 'CHINATRUST', 'FIRST', 'LAND', 'CATHAY', 'PANHSIN', 'KGI', 'TAISHIN', 'ESUN', 'FUBON', 'TACHONG'],
  CVS: storeCodes,
  BARCODE: ['BARCODE'],
};

const isIgnoreList = (text: string): boolean => text.split('#').every((name) => openMethods.includes(name));

export function isInstallmentList(text: string): boolean {
  const known = ['3', '6', '12', '18', '24', '30N'];
  const periods = text.split(',');
  return new Set(periods).size === periods.length && periods.every((period) => known.includes(period));
}

const address = { max: 200, pattern: rule.address };
const word = { max: 10, pattern: rule.alnum };

/** Common parameters first, as on ECPay developer docs p=2862, then those of each method. */
export const aioRules: readonly FieldRule[] = [
  rule.merchantIdRule,
  rule.tradeNoRule,
  rule.tradeDateRule,
  { name: 'PaymentType', required: true, allowed: ['aio'] },
  { ...rule.amountRule, max: 10 },
  { name: 'TradeDesc', required: true, max: 200, pattern: rule.plainText },
  // Longer than 400 is cut, not refused (ECPay developer docs p=2862).
  { name: 'ItemName', required: true },
  { name: 'ReturnURL', required: true, ...address },
  { name: 'ChoosePayment', required: true, max: 20, allowed: ['ALL', ...cashierMethods] },
  { ...rule.checkMacRule, max: 64, pattern: /^[0-9A-F]{64}$/ },
  { name: 'EncryptType', required: true, allowed: ['1'] },
  { name: 'StoreID', ...word },
  ...alike(['ClientBackURL', 'ItemURL'], address),
  { name: 'Remark', max: 100, pattern: rule.plainText },
  { name: 'ChooseSubPayment', max: 20, pattern: rule.alnum },
  { name: 'OrderResultURL', ...address },
  { name: 'NeedExtraPaidInfo', max: 1, allowed: ['Y', 'N'] },
  { name: 'DeviceSource', ...word },
  { name: 'IgnorePayment', max: 100, check: isIgnoreList, methods: ['ALL'] },
  rule.platformRule,
  ...alike(numbered('CustomField', 4), { max: 50, pattern: rule.customText }),
  { name: 'Language', max: 3, allowed: ['ENG', 'KOR', 'JPN', 'CHI'] },
  { name: 'ExpireDate', pattern: rule.wholeNumber, range: [1, 60], methods: ['ALL', 'ATM'] },
  { name: 'StoreExpireDate', max: 6, pattern: rule.positiveNumber, methods: ['ALL', 'CVS', 'BARCODE'] },
  ...alike(['PaymentInfoURL', 'ClientRedirectURL'], address),
  ...alike(numbered('Desc_', 4), { ...rule.shortText(20), methods: ['ALL', 'CVS'] }),
  { name: 'Redeem', max: 1, allowed: ['Y'], methods: card },
  { name: 'UnionPay', allowed: ['0', '1', '2'], methods: card },
  { name: 'BindingCard', allowed: ['0', '1'], methods: card },
  { name: 'MerchantMemberID', ...rule.shortText(30), methods: card },
  { name: 'CreditInstallment', max: 20, check: isInstallmentList, methods: card },
  { name: 'PeriodAmount', pattern: rule.positiveNumber, methods: card },
  { name: 'PeriodType', allowed: ['D', 'M', 'Y'], methods: card },
  { name: 'Frequency', pattern: rule.positiveNumber, range: [1, 365], methods: card },
  { name: 'ExecTimes', pattern: rule.positiveNumber, range: [2, 999], methods: card },
  { name: 'PeriodReturnURL', ...address, methods: card },
];

export const periodFields = ['PeriodAmount', 'PeriodType', 'Frequency', 'ExecTimes'];
/** Most repetitions per unit: ECPay developer docs p=2868. */
const frequencyCap: Readonly<Record<string, number>> = { D: 365, M: 12, Y: 1 };
const timesCap: Readonly<Record<string, number>> = { D: 999, M: 999, Y: 99 };

function isSubPaymentWrong(values: FieldValues): boolean {
  const method = textOf(values, 'ChoosePayment');
  if (!has(values, 'ChooseSubPayment') || method === 'WebATM') return false;
  return !(subPayments[method] ?? []).includes(textOf(values, 'ChooseSubPayment'));
}

function isPeriodWrong(values: FieldValues): boolean {
  const given = periodFields.filter((name) => has(values, name)).length;
  if (given === 0) return has(values, 'PeriodReturnURL');
  if (given < periodFields.length) return true;
  const unit = textOf(values, 'PeriodType');
  if (Number(textOf(values, 'Frequency')) > (frequencyCap[unit] ?? 0)) return true;
  if (Number(textOf(values, 'ExecTimes')) > (timesCap[unit] ?? 0)) return true;
  return textOf(values, 'PeriodAmount') !== textOf(values, 'TotalAmount');
}

/** Fields that exclude or need each other (ECPay developer docs p=2862, p=2866, p=2868, p=2870, p=2876). */
export const aioCombos: readonly ComboRule[] = [
  combo(
    'OrderResultURL',
    (values) =>
      has(values, 'OrderResultURL') && textOf(values, 'OrderResultURL').trim() === textOf(values, 'ReturnURL').trim(),
  ),
  combo('ChooseSubPayment', isSubPaymentWrong),
  combo(
    'StoreExpireDate',
    (values) => textOf(values, 'ChoosePayment') === 'BARCODE' && Number(textOf(values, 'StoreExpireDate') || '1') > 30,
  ),
  rule.platformCombo,
  combo('MerchantMemberID', (values) => textOf(values, 'BindingCard') === '1' && !has(values, 'MerchantMemberID')),
  combo(
    'CreditInstallment',
    (values) =>
      has(values, 'CreditInstallment') &&
      (textOf(values, 'UnionPay') === '1' || has(values, 'Redeem', ...periodFields)),
  ),
  combo('Redeem', (values) => has(values, 'Redeem') && has(values, ...periodFields)),
  combo('PeriodAmount', isPeriodWrong),
];
