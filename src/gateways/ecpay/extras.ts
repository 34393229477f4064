import type { Field } from '../../core/fields.ts';
import { EXPIRY } from './expiry.ts';
import { STORE_CODES } from './stores.ts';
import { ADDRESS, FREE_TEXT, MAX_URL, maxOf, PLAIN_TEXT } from './text.ts';

/**
 * The optional object `ecpay` of a request, in ECPay's own names. `on` names the methods a field belongs to.
 * Sources: ECPay developer documentation, pages 2862, 2864, 2866, 2870, 2872, 2874, 2876, 5679 and 27995.
 */
export interface Extra extends Field {
  readonly on: readonly string[];
  /** What is more counts as this. */
  readonly cap?: number;
}

const AIO = ['aio', 'aio/credit', 'aio/atm', 'aio/cvs', 'aio/barcode'];
const CARD = ['aio', 'aio/credit'];
const INSTALMENTS = [...CARD, 'ecpg'];
/** Page 5679, with those that ECPay has taken before or has announced. */
const BANKS = ['BOT', 'CHINATRUST', 'FIRST', 'LAND', 'CATHAY', 'PANHSIN', 'KGI', 'TAISHIN', 'ESUN', 'FUBON', 'TACHONG'];

const PLAIN = { pattern: PLAIN_TEXT, expected: 'one line of text without < > & \' " \\ | and `' };
/** What ECPay gives back as it was. */
const FREE = { pattern: FREE_TEXT, expected: 'letters, digits, blanks and , . # ( ) $ [ ] ; % { } : / ? @ ! _ -' };

const text = (name: string, on: readonly string[], description: string, example: string, rule = PLAIN): Extra => ({
  name,
  type: 'string',
  max: maxOf(name),
  countsUnits: true,
  ...rule,
  on,
  description,
  example,
});

const address = (name: string, description: string, example: string): Extra => ({
  name,
  type: 'url',
  max: MAX_URL,
  countsUnits: true,
  pattern: ADDRESS,
  expected: 'an address without quotes, blanks, ; \\ | ` < > and %3C',
  on: AIO,
  description,
  example,
});

const subPayment = (path: string, names: readonly string[], example: string): Extra => ({
  name: 'ChooseSubPayment',
  type: 'string',
  oneOf: names,
  on: [path],
  description: 'Skips the choice of bank or store.',
  example,
});

export const EXTRAS: readonly Extra[] = [
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
  subPayment('aio/atm', BANKS, 'BOT'),
  subPayment('aio/cvs', STORE_CODES, 'FAMILY'),
  subPayment('aio/barcode', ['BARCODE'], 'BARCODE'),
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
  text('MerchantMemberID', CARD, 'Member the card is remembered for; required with BindingCard 1.', 'member1'),
  {
    name: 'Language',
    type: 'string',
    oneOf: ['ENG', 'KOR', 'JPN', 'CHI'],
    on: AIO,
    description: 'Language of the cashier.',
    example: 'ENG',
  },
  text('Desc_1', ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', '第一行'),
  text('Desc_2', ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  text('Desc_3', ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  text('Desc_4', ['aio/cvs', 'cvs'], 'Shown on the store’s machine.', ''),
  address('ClientBackURL', '"Back to shop" on ECPay’s pages.', 'https://merchant.example/'),
  address('ItemURL', 'Page of the product.', 'https://merchant.example/item'),
  text('Remark', [...AIO, 'atm', 'cvs', 'barcode'], 'Remark.', ''),
  text('CustomField2', AIO, 'Echoed by ECPay.', '', FREE),
  text('CustomField3', AIO, 'Echoed by ECPay.', '', FREE),
  text('CustomField4', AIO, 'Echoed by ECPay.', '', FREE),
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
    cap: EXPIRY.cvs.max,
    on: ['aio/cvs', 'cvs'],
    description: 'Minutes a store code lives, 43200 at most; wins over expire_days.',
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
    oneOf: STORE_CODES,
    on: ['cvs'],
    description: 'Chain the code is for; CVS is any.',
    example: 'CVS',
  },
];

/** The extras that one method takes. */
export function listExtras(path: string): readonly Extra[] {
  return EXTRAS.filter((extra) => extra.on.includes(path));
}
