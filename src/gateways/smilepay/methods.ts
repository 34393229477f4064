import { DAY } from '../../core/time.ts';
import type { Method, MethodDocs } from '../gateway.ts';
import { errors } from './errors.ts';
import { GUIDE } from './info.ts';
import { CVS_TYPES, KINDS } from './kinds.ts';

/** Stores hand in what they took at a counter days later, codes and accounts within a day. */
const GRACE = { atm: DAY, cvs: DAY, barcode: 3 * DAY };

const END = { expire_at: '2026-06-28 23:59:59', SmilePayNO: '062223689453', PayEndDate: '2026/06/28 23:59:59' };

const ATM_INFO = {
  bank_code: '809',
  bank_name: '凱基銀行',
  virtual_account: '8011773423689453',
  ...END,
  AtmBankNo: '809',
  AtmNo: '8011773423689453',
};
const CVS_INFO = { payment_code: '21693575306', payment_code_url: null, ...END };
const BARCODE_INFO = {
  smilepay: {
    selected_payment_method: 'barcode',
    barcode1: '150628A1F',
    barcode2: '6763618191673429',
    barcode3: '00000980000000000000',
    barcode_user_copy_url: 'https://pay.example/zh-tw/pay/PAY202606220001ABCDEFGH?token=…',
    barcode_segments_copyable: false,
    barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
    barcode_intro_url: GUIDE,
    ...END,
  },
};

type Own = Pick<Method, 'defaultLifetimeMs' | 'graceMs' | 'limits' | 'maxExpireDays' | 'guideUrl' | 'fields'> & {
  readonly docs: Omit<MethodDocs, 'errors'>;
};

function issue(method: 'atm' | 'cvs' | 'barcode', { docs, ...own }: Own): Method {
  const barcode = method === 'atm' ? [] : ([errors.SMILEPAY_BARCODE_SERVICE_NOT_ENABLED] as const);
  return {
    path: method,
    method,
    mode: 'background',
    currencies: ['TWD'],
    unit: 'major',
    callsGateway: true,
    mayChooseAgain: false,
    extras: [],
    ...own,
    docs: {
      ...docs,
      errors: [errors.SMILEPAY_CREDENTIAL_INVALID, ...barcode, errors.SMILEPAY_REQUEST_REJECTED, 'ORDER_CONFLICT'],
    },
  };
}

/**
 * Limits are those that plug-ins for SmilePay check by themselves, in TWD; contracts differ, and SmilePay has the last
 * word (Status -3004).
 */
export const methods: readonly Method[] = [
  issue('atm', {
    defaultLifetimeMs: 7 * DAY,
    graceMs: { ...GRACE, none: GRACE.atm },
    limits: { min: 13, max: 20_000 },
    maxExpireDays: KINDS.atm.maxDays,
    guideUrl: null,
    docs: {
      title: 'Create SmilePay ATM virtual account',
      summary: 'SmilePay issues a bank account for this one payment.',
      highlights: ['payment_no', 'SmilePayNO', 'AtmBankNo', 'AtmNo', 'PayEndDate', 'status'],
      note: 'Money of another amount than that of the payment is refused.',
      exampleInfo: ATM_INFO,
    },
  }),
  issue('cvs', {
    defaultLifetimeMs: 6 * DAY,
    // A merchant’s usual type may be barcodes.
    graceMs: { ...GRACE, none: GRACE.barcode },
    limits: { min: 35, max: 20_000 },
    maxExpireDays: KINDS.barcode.maxDays,
    guideUrl: GUIDE,
    fields: [
      {
        name: 'cvs_type',
        type: 'string',
        oneOf: CVS_TYPES,
        description:
          'Machine the code is for; famiport and family mean fami. Left out: default_cvs_type of the credentials, else ibon.',
        example: 'ibon',
      },
    ],
    docs: {
      title: 'Create SmilePay CVS code payment',
      summary: 'SmilePay issues a code for the ibon or FamiPort machine in a store.',
      highlights: ['payment_no', 'SmilePayNO', 'payment_code', 'PayEndDate', 'status'],
      note: 'Codes live six days at most. With default_cvs_type barcode and no cvs_type the answer is that of the barcode route.',
      exampleInfo: CVS_INFO,
    },
  }),
  issue('barcode', {
    defaultLifetimeMs: 7 * DAY,
    graceMs: { ...GRACE, none: GRACE.barcode },
    limits: { min: 25, max: 20_000 },
    maxExpireDays: KINDS.barcode.maxDays,
    guideUrl: GUIDE,
    docs: {
      title: 'Create SmilePay barcode payment',
      summary: 'SmilePay issues three barcodes, which the payment page shows for the store to scan.',
      highlights: [
        'payment_no',
        'SmilePayNO',
        'barcode1',
        'barcode2',
        'barcode3',
        'barcode_user_copy_url',
        'barcode_intro_url',
        'PayEndDate',
        'status',
      ],
      note: 'Give the payer the page’s address, never the three numbers: the store scans the page.',
      exampleInfo: BARCODE_INFO,
    },
  }),
];
