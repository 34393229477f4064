import type { Field } from './fields.ts';
import type { Flag, PaymentStatus } from './payment.ts';

export const STATUSES: readonly PaymentStatus[] = ['pending', 'paid', 'failed', 'expired'];
export const FLAGS: readonly Flag[] = ['late', 'duplicate', 'mismatch', 'simulated', 'under_review', 'attention'];

/** What a list of payments is narrowed to; instants are milliseconds since the epoch. */
export interface PaymentFilter {
  readonly status?: PaymentStatus;
  readonly gateway?: string;
  readonly method?: string;
  readonly flag?: Flag;
  /** Start of the shop's order number, or of a payment number. */
  readonly number?: string;
  /** Made at or after. */
  readonly from?: number;
  /** Made before. */
  readonly to?: number;
}

export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;

/** Query of the list route: checks and documentation are made from it. */
export const LIST_FIELDS: readonly Field[] = [
  { name: 'status', type: 'string', oneOf: STATUSES, description: 'Only payments in this status.', example: 'paid' },
  { name: 'gateway', type: 'string', max: 40, description: 'Only payments by this gateway.', example: 'ecpay' },
  { name: 'method', type: 'string', max: 40, description: 'Only payments by this method.', example: 'cvs' },
  { name: 'flag', type: 'string', oneOf: FLAGS, description: 'Only payments with this flag.', example: 'late' },
  {
    name: 'number',
    type: 'string',
    max: 100,
    description: 'Start of merchant_order_no, or of payment_no when it begins with PAY and a digit.',
    example: 'ORDER2026',
  },
  {
    name: 'from',
    type: 'string',
    max: 40,
    description: 'Made at or after: a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant.',
    example: '2026-06-01',
  },
  {
    name: 'to',
    type: 'string',
    max: 40,
    description: 'Made before: an ISO 8601 instant; a day means its end.',
    example: '2026-06-30',
  },
  {
    name: 'limit',
    type: 'integer',
    min: 1,
    max: MAX_PAGE,
    description: 'Payments on a page.',
    default: DEFAULT_PAGE,
    example: 20,
  },
  { name: 'cursor', type: 'string', max: 100, description: '`next_cursor` of the page before.' },
];
