import type { ComboRule, FieldRule } from './fields.ts';
import { codes, textOf } from './fields.ts';
import { banks } from './numbers.ts';
import * as rule from './rules.ts';

const only = { ATM: ['ATM'], CVS: ['CVS'], BARCODE: ['BARCODE'] } as const;

/** Which object belongs to which method; UnionPay is told like any card (ECPay developer documentation, page 9058). */
export const infoNames: Readonly<Record<string, string>> = {
  ATM: 'ATMInfo',
  CVS: 'CVSInfo',
  BARCODE: 'BarcodeInfo',
  Credit: 'CardInfo',
  UnionPay: 'CardInfo',
};

/**
 * GenPaymentCode (ECPay developer docs p=27995 CVS, p=28000 BARCODE, p=28005 ATM). The deadline is called ExpireDate
 * for all three here, while the cashier says StoreExpireDate for two of them.
 */
export const backgroundRules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
  { name: 'ChoosePayment', required: true, allowed: ['ATM', 'CVS', 'BARCODE'] },
  { name: 'OrderInfo', required: true, type: 'object' },
  { name: 'OrderInfo.MerchantTradeNo', required: true, max: 20, pattern: rule.tradeNo, code: codes.tradeNo },
  { name: 'OrderInfo.MerchantTradeDate', required: true, max: 20, check: rule.isTradeDate },
  { name: 'OrderInfo.TotalAmount', required: true, type: 'integer', pattern: rule.positiveNumber, code: codes.price },
  { name: 'OrderInfo.ReturnURL', required: true, max: 200, pattern: rule.address },
  { name: 'OrderInfo.TradeDesc', required: true, max: 200, pattern: rule.plainText },
  { name: 'OrderInfo.ItemName', required: true },
  { name: 'OrderInfo.Remark', max: 100, pattern: rule.plainText },
  { name: 'ATMInfo', type: 'object', methods: only.ATM },
  { name: 'ATMInfo.ExpireDate', type: 'integer', range: [1, 60], methods: only.ATM },
  { name: 'ATMInfo.ATMBankCode', allowed: banks.map((bank) => bank.code), methods: only.ATM },
  { name: 'CVSInfo', type: 'object', methods: only.CVS },
  { name: 'CVSInfo.ExpireDate', type: 'integer', range: [1, 999_999], methods: only.CVS },
  { name: 'CVSInfo.CVSCode', allowed: ['CVS', 'OK', 'FAMILY', 'HILIFE', 'IBON'], methods: only.CVS },
  { name: 'CVSInfo.Desc_1', max: 20, methods: only.CVS },
  { name: 'CVSInfo.Desc_2', max: 20, methods: only.CVS },
  { name: 'CVSInfo.Desc_3', max: 20, methods: only.CVS },
  { name: 'CVSInfo.Desc_4', max: 20, methods: only.CVS },
  { name: 'BarcodeInfo', type: 'object', methods: only.BARCODE },
  { name: 'BarcodeInfo.ExpireDate', type: 'integer', range: [1, 30], methods: only.BARCODE },
  { name: 'CustomField', max: 200, pattern: rule.customText },
];

export const backgroundCombos: readonly ComboRule[] = [
  {
    field: 'PlatformID',
    broken: (values) =>
      textOf(values, 'PlatformID') !== '' && textOf(values, 'PlatformID') !== textOf(values, 'MerchantID'),
  },
  {
    field: 'ATMInfo/CVSInfo/BarcodeInfo',
    broken: (values) => !values.get(infoNames[textOf(values, 'ChoosePayment')] ?? ''),
  },
];
