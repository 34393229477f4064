import { isInstallmentList } from './aio-fields.ts';
import type { ComboRule, FieldRule, FieldValues } from './fields.ts';
import { codes, textOf } from './fields.ts';
import { banks } from './numbers.ts';
import * as rule from './rules.ts';

const wholeZero = /^[01]$/;
const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const phoneShape = /^\+?[\d-]{6,20}$/;

/** `0` for everything, or some of 1 to 8, each once. */
function isMethodList(text: string): boolean {
  const numbers = text.split(',');
  if (text === '0') return true;
  return new Set(numbers).size === numbers.length && numbers.every((number) => /^[1-8]$/.test(number));
}

/**
 * GetTokenbyTrade (ECPay developer documentation, page 9040). Deadlines are called ExpireDate for ATM and
 * StoreExpireDate for stores here, unlike at GenPaymentCode.
 */
export const tokenRules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
  { name: 'RememberCard', required: true, type: 'integer', pattern: wholeZero },
  { name: 'PaymentUIType', required: true, type: 'integer', allowed: ['0', '2', '5'] },
  { name: 'ChoosePaymentList', required: true, max: 30, check: isMethodList },
  { name: 'OrderInfo', required: true, type: 'object' },
  { name: 'OrderInfo.MerchantTradeNo', required: true, max: 20, pattern: rule.tradeNo, code: codes.tradeNo },
  { name: 'OrderInfo.MerchantTradeDate', required: true, max: 20, check: rule.isTradeDate },
  { name: 'OrderInfo.TotalAmount', required: true, type: 'number', pattern: rule.positiveNumber, code: codes.price },
  { name: 'OrderInfo.ReturnURL', required: true, max: 200, pattern: rule.address },
  { name: 'OrderInfo.TradeDesc', required: true, max: 200, pattern: rule.plainText },
  { name: 'OrderInfo.ItemName', required: true },
  { name: 'CardInfo', type: 'object' },
  { name: 'CardInfo.OrderResultURL', max: 200, pattern: rule.address },
  { name: 'CardInfo.CreditInstallment', max: 20, check: isInstallmentList },
  { name: 'CardInfo.FlexibleInstallment', type: 'number', allowed: ['6', '12', '24', '30'] },
  { name: 'CardInfo.Redeem', type: 'integer', pattern: wholeZero, code: codes.redeem },
  { name: 'CardInfo.PeriodAmount', type: 'integer', pattern: rule.positiveNumber },
  { name: 'CardInfo.PeriodType', allowed: ['D', 'M', 'Y'] },
  { name: 'CardInfo.Frequency', type: 'integer', range: [1, 365] },
  { name: 'CardInfo.ExecTimes', type: 'integer', range: [2, 999] },
  { name: 'CardInfo.PeriodReturnURL', max: 200, pattern: rule.address },
  { name: 'UnionPayInfo', type: 'object' },
  { name: 'UnionPayInfo.OrderResultURL', max: 200, pattern: rule.address },
  { name: 'ATMInfo', type: 'object' },
  { name: 'ATMInfo.ExpireDate', type: 'integer', range: [1, 60] },
  { name: 'ATMInfo.ATMBankCode', allowed: banks.map((bank) => bank.code) },
  { name: 'CVSInfo', type: 'object' },
  { name: 'CVSInfo.StoreExpireDate', type: 'integer', range: [1, 999_999] },
  { name: 'CVSInfo.CVSCode', allowed: ['CVS', 'OK', 'FAMILY', 'HILIFE', 'IBON'] },
  { name: 'CVSInfo.Desc_1', max: 20 },
  { name: 'CVSInfo.Desc_2', max: 20 },
  { name: 'CVSInfo.Desc_3', max: 20 },
  { name: 'CVSInfo.Desc_4', max: 20 },
  { name: 'BarcodeInfo', type: 'object' },
  { name: 'BarcodeInfo.StoreExpireDate', type: 'integer', range: [1, 30] },
  { name: 'ConsumerInfo', required: true, type: 'object' },
  { name: 'ConsumerInfo.MerchantMemberID', max: 60 },
  { name: 'ConsumerInfo.Email', max: 100, pattern: emailShape },
  { name: 'ConsumerInfo.Phone', max: 20, pattern: phoneShape },
  { name: 'ConsumerInfo.Name', max: 50 },
  { name: 'ConsumerInfo.CountryCode', max: 3, pattern: /^\d{3}$/ },
  { name: 'ConsumerInfo.Address', max: 250 },
  { name: 'CustomField', max: 200, pattern: rule.customText },
];

const SELF_PAID_MINIMUM = 1000;
const cardMethods = ['0', '1', '2', '8'];
const periodFields = ['PeriodAmount', 'PeriodType', 'Frequency', 'ExecTimes'].map((name) => `CardInfo.${name}`);

function has(values: FieldValues, name: string): boolean {
  return textOf(values, name) !== '';
}

export function listedMethods(values: FieldValues): string[] {
  return textOf(values, 'ChoosePaymentList').split(',');
}

function lists(values: FieldValues, ...methods: readonly string[]): boolean {
  return listedMethods(values).some((method) => methods.includes(method));
}

/** An object that a listed method needs. */
function needsInfo(method: string, name: string): ComboRule {
  return { field: name, broken: (values) => lists(values, method) && values.get(name) === undefined };
}

/** Fields that need each other (ECPay developer documentation, page 9040). */
export const tokenCombos: readonly ComboRule[] = [
  {
    field: 'PlatformID',
    broken: (values) => has(values, 'PlatformID') && textOf(values, 'PlatformID') !== textOf(values, 'MerchantID'),
  },
  {
    field: 'ConsumerInfo.Email/Phone',
    broken: (values) => !has(values, 'ConsumerInfo.Email') && !has(values, 'ConsumerInfo.Phone'),
  },
  {
    field: 'ConsumerInfo.MerchantMemberID',
    broken: (values) => textOf(values, 'RememberCard') === '1' && !has(values, 'ConsumerInfo.MerchantMemberID'),
  },
  {
    field: 'CardInfo.OrderResultURL',
    broken: (values) => lists(values, ...cardMethods) && !has(values, 'CardInfo.OrderResultURL'),
  },
  {
    field: 'CardInfo.CreditInstallment',
    broken: (values) => lists(values, '2') && !has(values, 'CardInfo.CreditInstallment'),
  },
  {
    field: 'CardInfo.FlexibleInstallment',
    broken: (values) => lists(values, '8') && !has(values, 'CardInfo.FlexibleInstallment'),
  },
  {
    field: 'CardInfo.FlexibleInstallment',
    broken: (values) =>
      has(values, 'CardInfo.FlexibleInstallment') &&
      Number(textOf(values, 'OrderInfo.TotalAmount')) < SELF_PAID_MINIMUM,
  },
  needsInfo('3', 'ATMInfo'),
  needsInfo('4', 'CVSInfo'),
  needsInfo('5', 'BarcodeInfo'),
  needsInfo('6', 'UnionPayInfo'),
  {
    field: 'UnionPayInfo.OrderResultURL',
    broken: (values) => values.get('UnionPayInfo') !== undefined && !has(values, 'UnionPayInfo.OrderResultURL'),
  },
  {
    field: 'CardInfo.PeriodAmount',
    broken: (values) => {
      const given = periodFields.filter((name) => has(values, name)).length;
      return given !== (textOf(values, 'PaymentUIType') === '0' ? periodFields.length : 0);
    },
  },
];
