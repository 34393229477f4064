import type { Field } from '../../core/fields.ts';
import { checkFields } from '../../core/fields.ts';
import { minorToMajor } from '../../core/money.ts';
import type { ExtrasContext, ExtrasResult } from '../gateway.ts';

/**
 * The optional object `ecpay` of a request, in ECPay's own names. `on` names the methods a field belongs to.
 * Sources: ECPay developer documentation, pages 2862, 2864, 2866, 2870, 2872, 2874, 2876, 5679 and 27995.
 */
interface Extra extends Field {
  readonly on: readonly string[];
}

const AIO = ['aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode'];
const CARD = ['aio', 'aio/credit'];
const INSTALMENTS = [...CARD, 'ecpg'];
/** No tags; no `&`, which the signature cannot tell from the end of a field; no line breaks, which browsers change. */
const SIGN = /^[^<>&\p{Cc}]*$/u;
const NO_TAGS = 'one line of text without <, > and &';

const text = (name: string, max: number, on: readonly string[], description: string, example: string): Extra => ({
  name,
  type: 'string',
  max,
  pattern: SIGN,
  expected: NO_TAGS,
  on,
  description,
  example,
});

const EXTRAS: readonly Extra[] = [
  {
    name: 'StoreID',
    type: 'string',
    max: 10,
    pattern: /^[A-Za-z0-9]+$/,
    expected: 'letters and digits',
    on: AIO,
    description: 'Branch of the shop.',
    example: 'S01',
  },
  {
    name: 'NeedExtraPaidInfo',
    type: 'string',
    oneOf: ['Y', 'N'],
    on: AIO,
    description: 'ECPay reports card and account details with the result; Y for cards unless you say N.',
    example: 'N',
  },
  {
    name: 'ChooseSubPayment',
    type: 'string',
    max: 20,
    pattern: /^[A-Z]+$/,
    expected: 'one of ECPay’s sub-payment names, e.g. BOT, FAMILY, BARCODE',
    on: ['aio/atm', 'aio/cvs', 'aio/barcode'],
    description: 'Skips the choice of bank or store.',
    example: 'FAMILY',
  },
  {
    name: 'IgnorePayment',
    type: 'string',
    max: 100,
    pattern:
      /^(Credit|WebATM|ATM|CVS|BARCODE|ApplePay|TWQR|BNPL|WeiXin)(#(Credit|WebATM|ATM|CVS|BARCODE|ApplePay|TWQR|BNPL|WeiXin))*$/,
    expected: 'names of Credit, WebATM, ATM, CVS, BARCODE, ApplePay, TWQR, BNPL, WeiXin joined by #',
    on: ['aio'],
    description: 'Ways to pay that the cashier hides.',
    example: 'BNPL#WeiXin',
  },
  {
    name: 'CreditInstallment',
    type: 'string',
    max: 20,
    pattern: /^(3|6|12|18|24|30N)(,(3|6|12|18|24|30N))*$/,
    expected: 'periods of 3, 6, 12, 18, 24, 30N joined by commas',
    on: INSTALMENTS,
    description: 'Instalments the payer may choose. 30N needs NT$20,000.',
    example: '3,6,12',
  },
  { name: 'Redeem', type: 'string', oneOf: ['Y', 'N'], on: CARD, description: 'Card bonus points.', example: 'N' },
  {
    name: 'UnionPay',
    type: 'integer',
    oneOf: [0, 1, 2],
    on: CARD,
    description: '0 the payer chooses, 1 UnionPay only, 2 hidden.',
    example: 0,
  },
  {
    name: 'FlexibleInstallment',
    type: 'boolean',
    on: INSTALMENTS,
    description: 'Self-paid instalments; needs NT$1,000. ECPay offers them beside ordinary card payment.',
    example: false,
  },
  { name: 'BindingCard', type: 'integer', oneOf: [0, 1], on: CARD, description: 'Remembers the card.', example: 0 },
  text('MerchantMemberID', 30, CARD, 'Member the card is remembered for; required with BindingCard 1.', 'member1'),
  {
    name: 'Language',
    type: 'string',
    oneOf: ['ENG', 'KOR', 'JPN', 'CHI'],
    on: AIO,
    description: 'Language of the cashier.',
    example: 'ENG',
  },
  text('Desc_1', 20, ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', '第一行'),
  text('Desc_2', 20, ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  text('Desc_3', 20, ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  text('Desc_4', 20, ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  {
    name: 'ClientBackURL',
    type: 'url',
    max: 200,
    on: AIO,
    description: '"Back to shop" on ECPay’s pages.',
    example: 'https://merchant.example/',
  },
  {
    name: 'ItemURL',
    type: 'url',
    max: 200,
    on: AIO,
    description: 'Page of the product.',
    example: 'https://merchant.example/item',
  },
  text('Remark', 100, [...AIO, 'atm', 'cvs', 'barcode'], 'Remark.', ''),
  text('CustomField2', 50, AIO, 'Echoed by ECPay.', ''),
  text('CustomField3', 50, AIO, 'Echoed by ECPay.', ''),
  text('CustomField4', 50, AIO, 'Echoed by ECPay.', ''),
  {
    name: 'ExpireDate',
    type: 'integer',
    min: 1,
    max: 60,
    on: ['aio', 'aio/atm', 'atm'],
    description: 'Days an ATM account lives; wins over expire_days.',
    example: 3,
  },
  {
    name: 'StoreExpireDate',
    type: 'integer',
    min: 1,
    max: 43_200,
    on: ['aio/cvs', 'cvs'],
    description: 'Minutes a store code lives; wins over expire_days.',
    example: 10_080,
  },
  {
    name: 'StoreExpireDate',
    type: 'integer',
    min: 1,
    max: 30,
    on: ['aio/barcode', 'barcode'],
    description: 'Days barcodes live; wins over expire_days.',
    example: 7,
  },
  {
    name: 'ATMBankCode',
    type: 'string',
    oneOf: ['004', '005', '007', '013', '118', '809', '822'],
    on: ['atm'],
    description: 'Bank that issues the account.',
    example: '822',
  },
  {
    name: 'CVSCode',
    type: 'string',
    oneOf: ['CVS', 'OK', 'FAMILY', 'HILIFE', 'IBON'],
    on: ['cvs'],
    description: 'Chain the code is for; CVS is any.',
    example: 'CVS',
  },
];

/** The extras that one method takes. */
export function listExtras(path: string): readonly Field[] {
  return EXTRAS.filter((extra) => extra.on.includes(path));
}

/** Rules between fields. Amounts in whole TWD. */
const RULES: readonly {
  readonly field: string;
  readonly text: string;
  broken(values: Readonly<Record<string, unknown>>, amount: number): boolean;
}[] = [
  {
    field: 'CreditInstallment',
    text: 'The ecpay.CreditInstallment field cannot be combined with Redeem or UnionPay 1.',
    broken: (v) => v.CreditInstallment !== undefined && (v.Redeem === 'Y' || v.UnionPay === 1),
  },
  {
    field: 'CreditInstallment',
    text: 'The ecpay.CreditInstallment field offers 30N only from NT$20,000.',
    broken: (v, amount) =>
      typeof v.CreditInstallment === 'string' && v.CreditInstallment.includes('30N') && amount < 20_000,
  },
  {
    field: 'FlexibleInstallment',
    text: 'The ecpay.FlexibleInstallment field needs an amount of at least 1000.',
    broken: (v, amount) => v.FlexibleInstallment === true && amount < 1000,
  },
  {
    field: 'MerchantMemberID',
    text: 'The ecpay.MerchantMemberID field is required when BindingCard is 1.',
    broken: (v) => v.BindingCard === 1 && v.MerchantMemberID === undefined,
  },
];

export function checkExtras(given: Readonly<Record<string, unknown>>, context: ExtrasContext): ExtrasResult {
  const fields: Record<string, readonly string[]> = {};
  const taken = listExtras(context.method.path);
  for (const name of Object.keys(given)) {
    const known = EXTRAS.some((extra) => extra.name === name);
    if (known && !taken.some((extra) => extra.name === name)) {
      fields[`ecpay.${name}`] = [`The ecpay.${name} field does not belong to ${context.method.path}.`];
    }
  }
  const { values, errors } = checkFields(given, taken, 'ecpay.');
  Object.assign(fields, errors);
  const amount = minorToMajor(context.amount, context.currency);
  for (const rule of RULES) {
    if (rule.broken(values, amount)) fields[`ecpay.${rule.field}`] = [rule.text];
  }
  if (Object.keys(fields).length > 0) return { ok: false, fields };
  return { ok: true, extras: values as Readonly<Record<string, string | number | boolean>> };
}
