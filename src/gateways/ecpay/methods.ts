import { STORES } from '../../core/attempt.ts';
import { DAY, HOUR } from '../../core/time.ts';
import type { Method, MethodDocs, MethodNature } from '../gateway.ts';
import {
  BARCODE_NOTE,
  describeBarcodePage,
  describeBarcodes,
  EXAMPLE_PAGE,
  ISSUED_NOTE,
  NUMBER_METHOD,
  tellGuide,
  WHOLE_TWD,
} from '../number-info.ts';
import { canReach } from './contact.ts';
import { errors } from './errors.ts';
import { defaultLifetime, isNumberKind } from './expiry.ts';
import { listExtras } from './extras.ts';
import { GUIDE } from './info.ts';
import { IN_SITE_METHODS } from './insite.ts';

/** What `ChoosePayment` is for each of our methods. */
export const CHOOSE_PAYMENT: Readonly<Record<string, string>> = {
  all: 'ALL',
  credit: 'Credit',
  atm: 'ATM',
  cvs: 'CVS',
  barcode: 'BARCODE',
};

/** ECPay reports barcode payments about two days late, account and code payments within a day (page 9058). */
const GRACE = { atm: DAY, cvs: DAY, barcode: 3 * DAY, none: HOUR };

/**
 * Widest amounts that ECPay's price list and its own plug-ins name, in TWD. Contracts differ, so a project may have its
 * own, and ECPay has the last word (10200050).
 */
const LIMITS: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  all: { min: 5, max: 199_999 },
  credit: { min: 5, max: 199_999 },
  atm: { min: 11, max: 49_999 },
  cvs: { min: 27, max: 20_000 },
  barcode: { min: 16, max: 20_000 },
};
/** The payer may have paid by card, and only that can be paid back (page 2885). */
const CARDS: ReadonlySet<string> = new Set(['all', 'credit']);
/**
 * Codes without `CVSCode` are for the machines of all four chains (page 27995); barcodes are paid at their counters, of
 * which ECPay hears about two days later (page 9058).
 */
const NATURES = {
  all: {
    kind: 'cashier',
    serves: [...Object.keys(IN_SITE_METHODS), 'webatm', 'applepay', 'twqr', 'bnpl', 'weixin'],
    hint: 'several_page',
  },
  credit: { kind: 'card', hint: 'card_page' },
  atm: { kind: 'atm', hint: 'transfer' },
  cvs: { kind: 'cvs', serves: STORES, hint: 'cash' },
  barcode: { kind: 'barcode', serves: STORES, hint: 'cash_days' },
} as const satisfies Readonly<Record<string, MethodNature>>;
const ANY_AMOUNT = { min: 1, max: 199_999 };

const ATM_INFO = {
  bank_code: '822',
  bank_name: '中國信託銀行',
  virtual_account: '9103522175887271',
  expire_at: '2026-06-28 23:59:59',
};
const CVS_INFO = {
  payment_code: 'LLL26213917389',
  payment_code_url: 'https://payment.ecpay.com.tw/PaymentRule/CVSBarCode?PaymentNo=LLL26213917389',
  expire_at: '2026-06-28 23:59:59',
};
const BARCODE_INFO = {
  ecpay: {
    ...describeBarcodes(['150628A1F', '6763618191673429', '062800000000980'], EXAMPLE_PAGE, GUIDE),
    expire_at: '2026-06-28 23:59:59',
  },
};

function aio(
  path: string,
  method: keyof typeof NATURES,
  docs: Omit<MethodDocs, 'highlights' | 'errors' | 'exampleInfo'> & Partial<Pick<MethodDocs, 'exampleInfo'>>,
): Method {
  return {
    path,
    method,
    mode: 'aio',
    ...NATURES[method],
    // The number is taken at the cashier.
    ...(isNumberKind(method) ? { hint: 'page' as const } : {}),
    // The payer would choose twice, or take a number at the cashier that we can have at once.
    ...(method === 'credit' ? {} : { inCheckout: false as const }),
    ...WHOLE_TWD,
    callsGateway: false,
    // ECPay’s cashier is known to fail there (page 2862).
    needsSystemBrowser: true,
    mayChooseAgain: true,
    ...(CARDS.has(method) ? { refundable: true as const } : {}),
    defaultLifetimeMs: DAY,
    graceMs: GRACE,
    limits: LIMITS[method] ?? ANY_AMOUNT,
    maxExpireDays: 60,
    guideUrl: method === 'cvs' || method === 'barcode' || method === 'all' ? GUIDE : null,
    extras: listExtras(path),
    docs: {
      exampleInfo: {},
      ...docs,
      highlights: [
        'payment_no',
        'merchant_order_no',
        'gateway=ecpay',
        `method=${method}`,
        'status=pending',
        'payment_url',
        'redirect_form',
      ],
      errors: [errors.ECPAY_CREDENTIAL_INVALID, 'ORDER_CONFLICT', 'INVALID_ARGUMENT'],
    },
  };
}

type Background = Pick<MethodDocs, 'title' | 'summary'> & {
  readonly info: Readonly<Record<string, unknown>>;
  /** What of it is worth pointing at. */
  readonly shown: readonly string[];
  readonly notes: readonly string[];
};

function background(method: 'atm' | 'cvs' | 'barcode', { info, shown, notes, ...docs }: Background): Method {
  return {
    path: method,
    method,
    ...NATURES[method],
    ...NUMBER_METHOD,
    defaultLifetimeMs: defaultLifetime(method),
    graceMs: { ...GRACE, none: GRACE[method] },
    limits: LIMITS[method] ?? ANY_AMOUNT,
    maxExpireDays: 60,
    guideUrl: method === 'atm' ? null : GUIDE,
    extras: listExtras(method),
    docs: {
      ...docs,
      highlights: ['payment_no', ...shown, 'payment_url', 'status=pending'],
      errors: [errors.ECPAY_CREDENTIAL_INVALID, 'ORDER_CONFLICT', errors.ECPAY_BACKGROUND_CODE_FAILED],
      notes: [ISSUED_NOTE, ...notes],
      exampleInfo: info,
    },
  };
}

export const methods: readonly Method[] = [
  aio('aio', 'all', {
    title: 'Create ECPay AIO payment',
    summary: 'The payer goes to ECPay’s cashier and chooses a way to pay there.',
    notes: ['A number taken at the cashier is not yet paid: the payment stays `pending` until the money comes.'],
  }),
  aio('aio/credit', 'credit', {
    title: 'Create ECPay AIO credit card payment',
    summary: 'The payer goes to ECPay’s card page.',
    notes: ['ECPay takes TWD only.'],
  }),
  aio('aio/atm', 'atm', {
    title: 'Create ECPay AIO ATM payment',
    summary: 'The payer takes a bank account at ECPay’s cashier; the payment page then shows it.',
    notes: ['The payer goes to ECPay first; back from there, the payment page shows how to pay.'],
  }),
  aio('aio/cvs', 'cvs', {
    title: 'Create ECPay AIO CVS code payment',
    summary: 'The payer takes a store code at ECPay’s cashier; the payment page then shows it.',
    notes: [tellGuide('ECPay', 'store codes')],
  }),
  aio('aio/barcode', 'barcode', {
    title: 'Create ECPay AIO barcode payment',
    summary: 'The payer takes three barcodes at ECPay’s cashier; the payment page then shows them.',
    notes: [BARCODE_NOTE, tellGuide('ECPay', 'barcodes')],
    exampleInfo: { ecpay: describeBarcodePage(EXAMPLE_PAGE, GUIDE) },
  }),
  {
    path: 'ecpg',
    method: 'ecpg',
    mode: 'ecpg',
    kind: 'cashier',
    serves: Object.keys(IN_SITE_METHODS),
    hint: 'several_form',
    inSite: true,
    inCheckout: false,
    ...WHOLE_TWD,
    callsGateway: false,
    // The bank’s 3-D Secure page takes the whole window and may call its app.
    needsSystemBrowser: true,
    mayChooseAgain: true,
    refundable: true,
    defaultLifetimeMs: DAY,
    graceMs: GRACE,
    limits: LIMITS.all ?? ANY_AMOUNT,
    maxExpireDays: 60,
    guideUrl: GUIDE,
    extras: listExtras('ecpg'),
    fields: [
      {
        name: 'methods',
        type: 'list',
        oneOf: Object.keys(IN_SITE_METHODS),
        description: 'Ways to pay that ECPay’s form offers; all when left out.',
        example: ['credit', 'cvs'],
      },
    ],
    needs: [['buyer_email', 'buyer_mobile', 'buyer_phone']],
    canUse: canReach,
    docs: {
      title: 'Create ECPay in-site payment',
      summary:
        'The payer pays in PayCore’s own page, in ECPay’s form: card, instalments, UnionPay, ATM, store code, barcode.',
      highlights: ['payment_no', 'merchant_order_no', 'gateway=ecpay', 'method=ecpg', 'status=pending', 'payment_url'],
      errors: [errors.ECPAY_CREDENTIAL_INVALID, 'ORDER_CONFLICT', 'INVALID_ARGUMENT'],
      exampleInfo: {},
    },
  },
  background('atm', {
    title: 'Create ECPay ATM background code',
    summary: 'ECPay issues a bank account at once; no visit to its cashier.',
    info: ATM_INFO,
    shown: Object.keys(ATM_INFO),
    notes: [],
  }),
  background('cvs', {
    title: 'Create ECPay CVS background code',
    summary: 'ECPay issues a store code at once; no visit to its cashier.',
    info: CVS_INFO,
    shown: Object.keys(CVS_INFO),
    notes: [tellGuide('ECPay', 'store codes')],
  }),
  background('barcode', {
    title: 'Create ECPay barcode background code',
    summary: 'ECPay issues three barcodes at once; no visit to its cashier.',
    info: BARCODE_INFO,
    shown: ['barcode1', 'barcode2', 'barcode3', 'expire_at'],
    notes: [BARCODE_NOTE, tellGuide('ECPay', 'barcodes')],
  }),
];
