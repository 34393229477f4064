import { DAY, HOUR } from '../../core/time.ts';
import type { Method } from '../gateway.ts';
import { ISSUED_NOTE, NUMBER_METHOD } from '../number-info.ts';
import { errors } from './errors.ts';

export const methods: readonly Method[] = [
  {
    path: 'atm',
    method: 'atm',
    kind: 'atm',
    hint: 'transfer',
    ...NUMBER_METHOD,
    defaultLifetimeMs: 3 * DAY,
    graceMs: { atm: DAY, none: HOUR },
    // PLUS names none; what a contract allows is the project's own to set.
    limits: { min: 1, max: 999_999_999 },
    maxExpireDays: 60,
    guideUrl: null,
    extras: [],
    docs: {
      title: 'Create PLUS ATM payment',
      summary:
        'PLUS issues a virtual account for one bank transfer. Amounts below NT$20,000 go through its channel for small amounts, others through that for large ones.',
      notes: [
        ISSUED_NOTE,
        'PLUS’s documents are not public: what PayCore sends and expects is unverified against the vendor. The operator names PLUS’s origin (PAYCORE_PLUS_URL) and its way of signing (PAYCORE_PLUS_SIGN).',
      ],
      highlights: ['payment_no', 'payment_url', 'account_code', 'plat_no', 'status'],
      errors: [
        errors.PLUS_CREDENTIAL_INVALID,
        errors.PLUS_URL_REQUIRED,
        errors.PLUS_REQUEST_REJECTED,
        'ORDER_CONFLICT',
      ],
      exampleInfo: {
        account_code: '98621175887271',
        plat_no: '2606221530127264',
        bank_code: '822',
        bank_name: '中國信託銀行',
        virtual_account: '98621175887271',
        expire_at: '2026-06-25 23:59:59',
        pay_url: 'https://plus.example/pay/2606221530127264',
      },
      info: {
        account_code: 'PLUS’s name of `virtual_account`.',
        plat_no: 'PLUS’s number of the order, as in `gateway_trade_no`.',
        pay_url: 'PLUS’s own page for the payer.',
      },
    },
  },
];
