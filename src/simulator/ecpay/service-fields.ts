import { isInstallmentList, periodFields, storeCodes } from './aio-fields.ts';
import * as rule from './fields.ts';
import { banks } from './numbers.ts';

const wholeZero = /^[01]$/;
const address = { max: 200, pattern: rule.address };

/** Which object belongs to which method; UnionPay is told like any card (ECPay developer documentation, page 9058). */
export const infoNames: Readonly<Record<string, string>> = {
  ATM: 'ATMInfo',
  CVS: 'CVSInfo',
  BARCODE: 'BarcodeInfo',
  Credit: 'CardInfo',
  UnionPay: 'CardInfo',
};

/** OrderInfo of both services; how the amount may be written differs. */
const orderInfoRules = (type: rule.FieldType): rule.FieldRule[] => [
  { name: 'OrderInfo', required: true, type: 'object' },
  ...rule.rulesOf('OrderInfo', [
    rule.tradeNoRule,
    rule.tradeDateRule,
    { ...rule.amountRule, type },
    { name: 'ReturnURL', required: true, ...address },
    { name: 'TradeDesc', required: true, max: 200, pattern: rule.plainText },
    { name: 'ItemName', required: true },
  ]),
];

/** Objects for payment numbers. `store` is what the deadline of the stores is called. */
const numberRules = (store: string): rule.FieldRule[] => {
  const of = (method: string, rules: rule.FieldRule[]): rule.FieldRule[] => {
    const name = infoNames[method] ?? '';
    return [{ name, type: 'object' as const }, ...rule.rulesOf(name, rules)].map((one) => ({
      ...one,
      methods: [method],
    }));
  };
  return [
    ...of('ATM', [
      { name: 'ExpireDate', type: 'integer', range: [1, 60] },
      { name: 'ATMBankCode', allowed: banks.map((bank) => bank.code) },
    ]),
    ...of('CVS', [
      { name: store, type: 'integer', range: [1, 999_999] },
      { name: 'CVSCode', allowed: storeCodes },
      ...rule.alike(rule.numbered('Desc_', 4), rule.shortText(20)),
    ]),
    ...of('BARCODE', [{ name: store, type: 'integer', range: [1, 30] }]),
  ];
};

const customField: rule.FieldRule = { name: 'CustomField', max: 200, pattern: rule.customText };

/**
 * GenPaymentCode (ECPay developer docs p=27995 CVS, p=28000 BARCODE, p=28005 ATM). The deadline is called ExpireDate
 * for all three here, while the cashier says StoreExpireDate for two of them.
 */
export const backgroundRules: readonly rule.FieldRule[] = [
  rule.merchantIdRule,
  rule.platformRule,
  { name: 'ChoosePayment', required: true, allowed: ['ATM', 'CVS', 'BARCODE'] },
  ...orderInfoRules('integer'),
  { name: 'OrderInfo.Remark', max: 100, pattern: rule.plainText },
  ...numberRules('ExpireDate'),
  customField,
];

export const backgroundCombos: readonly rule.ComboRule[] = [
  rule.platformCombo,
  rule.combo(
    'ATMInfo/CVSInfo/BarcodeInfo',
    (values) => !values.get(infoNames[rule.textOf(values, 'ChoosePayment')] ?? ''),
  ),
];

/** `0` for everything, or some of 1 to 8, each once. */
function isMethodList(text: string): boolean {
  const numbers = text.split(',');
  if (text === '0') return true;
  return new Set(numbers).size === numbers.length && numbers.every((number) => /^[1-8]$/.test(number));
}

/**
 * GetTokenbyTrade (ECPay developer documentation, page 9040). Deadlines are called ExpireDate for ATM and
 * StoreExpireDate for stores here, unlike at GenPaymentCode, and every method's object may come along.
 */
export const tokenRules: readonly rule.FieldRule[] = [
  rule.merchantIdRule,
  rule.platformRule,
  { name: 'RememberCard', required: true, type: 'integer', pattern: wholeZero },
  { name: 'PaymentUIType', required: true, type: 'integer', allowed: ['0', '2', '5'] },
  { name: 'ChoosePaymentList', required: true, max: 30, check: isMethodList },
  ...orderInfoRules('number'),
  { name: 'CardInfo', type: 'object' },
  ...rule.rulesOf('CardInfo', [
    { name: 'OrderResultURL', ...address },
    { name: 'CreditInstallment', max: 20, check: isInstallmentList },
    { name: 'FlexibleInstallment', type: 'number', allowed: ['6', '12', '24', '30'] },
    { name: 'Redeem', type: 'integer', pattern: wholeZero, code: rule.codes.redeem },
    { name: 'PeriodAmount', type: 'integer', pattern: rule.positiveNumber },
    { name: 'PeriodType', allowed: ['D', 'M', 'Y'] },
    { name: 'Frequency', type: 'integer', range: [1, 365] },
    { name: 'ExecTimes', type: 'integer', range: [2, 999] },
    { name: 'PeriodReturnURL', ...address },
  ]),
  { name: 'UnionPayInfo', type: 'object' },
  { name: 'UnionPayInfo.OrderResultURL', ...address },
  ...numberRules('StoreExpireDate').map(({ methods: _, ...one }) => one),
  { name: 'ConsumerInfo', required: true, type: 'object' },
  ...rule.rulesOf('ConsumerInfo', [
    { name: 'MerchantMemberID', ...rule.shortText(60) },
    { name: 'Email', max: 100, pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/ },
    { name: 'Phone', max: 20, pattern: /^\+?[\d-]{6,20}$/ },
    { name: 'Name', ...rule.shortText(50) },
    { name: 'CountryCode', max: 3, pattern: /^\d{3}$/ },
    { name: 'Address', ...rule.shortText(250) },
  ]),
  customField,
];

const SELF_PAID_MINIMUM = 1000;
const cardPeriodFields = periodFields.map((name) => `CardInfo.${name}`);
export const listedMethods = (values: rule.FieldValues): string[] =>
  rule.textOf(values, 'ChoosePaymentList').split(',');

const lists = (values: rule.FieldValues, ...methods: readonly string[]): boolean =>
  listedMethods(values).some((method) => methods.includes(method));

/** A field or an object that rule.has to be there when one of these methods is listed. */
function needs(field: string, ...methods: readonly string[]): rule.ComboRule {
  const isMissing = (values: rule.FieldValues) =>
    field.includes('.') ? !rule.has(values, field) : values.get(field) === undefined;
  return { field, broken: (values) => lists(values, ...methods) && isMissing(values) };
}

/** Fields that need each other (ECPay developer documentation, page 9040). */
export const tokenCombos: readonly rule.ComboRule[] = [
  rule.platformCombo,
  rule.combo('ConsumerInfo.Email/Phone', (values) => !rule.has(values, 'ConsumerInfo.Email', 'ConsumerInfo.Phone')),
  rule.combo(
    'ConsumerInfo.MerchantMemberID',
    (values) => rule.textOf(values, 'RememberCard') === '1' && !rule.has(values, 'ConsumerInfo.MerchantMemberID'),
  ),
  needs('CardInfo.OrderResultURL', '0', '1', '2', '8'),
  needs('CardInfo.CreditInstallment', '2'),
  needs('CardInfo.FlexibleInstallment', '8'),
  rule.combo(
    'CardInfo.FlexibleInstallment',
    (values) =>
      rule.has(values, 'CardInfo.FlexibleInstallment') &&
      Number(rule.textOf(values, 'OrderInfo.TotalAmount')) < SELF_PAID_MINIMUM,
  ),
  needs('ATMInfo', '3'),
  needs('CVSInfo', '4'),
  needs('BarcodeInfo', '5'),
  needs('UnionPayInfo', '6'),
  rule.combo(
    'UnionPayInfo.OrderResultURL',
    (values) => values.get('UnionPayInfo') !== undefined && !rule.has(values, 'UnionPayInfo.OrderResultURL'),
  ),
  rule.combo('CardInfo.PeriodAmount', (values) => {
    const given = cardPeriodFields.filter((name) => rule.has(values, name)).length;
    return given !== (rule.textOf(values, 'PaymentUIType') === '0' ? cardPeriodFields.length : 0);
  }),
];
