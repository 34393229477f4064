import { DAY } from '../../core/time.ts';
import type { Method, MethodDocs } from '../gateway.ts';
import { BARCODE_NOTE, describeBarcodes, EXAMPLE_PAGE, ISSUED_NOTE, NUMBER_METHOD, tellGuide } from '../number-info.ts';
import { errors } from './errors.ts';
import { GUIDE, OWN_NAMES } from './info.ts';
import { CVS_NATURE, CVS_TYPES, KINDS } from './kinds.ts';

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
    ...describeBarcodes(['150628A1F', '6763618191673429', '00000980000000000000'], EXAMPLE_PAGE, GUIDE),
    ...END,
  },
};

interface Own extends Pick<Method, 'fields'> {
  /** How long a payment lives when the request does not say. */
  readonly days: number;
  readonly least: number;
  /** What it may turn out to be that lives, and is waited for, longest. */
  readonly longest: 'atm' | 'barcode';
  readonly docs: Omit<MethodDocs, 'errors' | 'info'>;
}

function issue(method: 'atm' | 'cvs' | 'barcode', { days, least, longest, docs, ...own }: Own): Method {
  const barcode = method === 'atm' ? [] : ([errors.SMILEPAY_BARCODE_SERVICE_NOT_ENABLED] as const);
  return {
    path: method,
    method,
    ...(method === 'cvs' ? CVS_NATURE : KINDS[method].nature),
    ...NUMBER_METHOD,
    extras: [],
    defaultLifetimeMs: days * DAY,
    graceMs: { ...GRACE, none: GRACE[longest] },
    limits: { min: least, max: 20_000 },
    maxExpireDays: KINDS[longest].maxDays,
    guideUrl: method === 'atm' ? null : GUIDE,
    ...own,
    docs: {
      ...docs,
      info: OWN_NAMES,
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
    days: 7,
    least: 13,
    longest: 'atm',
    docs: {
      title: 'Create SmilePay ATM virtual account',
      summary: 'SmilePay issues a bank account for this one payment.',
      highlights: ['payment_no', 'SmilePayNO', 'AtmBankNo', 'AtmNo', 'PayEndDate', 'status'],
      notes: [ISSUED_NOTE, 'Money of another amount than that of the payment is refused.'],
      exampleInfo: ATM_INFO,
    },
  }),
  issue('cvs', {
    days: 6,
    least: 35,
    // A merchant’s usual type may be barcodes.
    longest: 'barcode',
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
      notes: [
        ISSUED_NOTE,
        tellGuide('SmilePay', 'store codes'),
        'Codes live six days at most. With default_cvs_type barcode and no cvs_type the answer is that of the barcode route.',
      ],
      exampleInfo: CVS_INFO,
    },
  }),
  issue('barcode', {
    days: 7,
    least: 25,
    longest: 'barcode',
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
      notes: [
        ISSUED_NOTE,
        BARCODE_NOTE,
        tellGuide('SmilePay', 'barcodes'),
        'Where SmilePay says "Can not use this Pay_zg service(Store)", the account has no barcodes: the answer is 422 `SMILEPAY_BARCODE_SERVICE_NOT_ENABLED`, never 502, and no payment is given out.',
      ],
      exampleInfo: BARCODE_INFO,
    },
  }),
];
