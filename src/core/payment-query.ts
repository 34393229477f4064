import { checkFields, type Field } from './fields.ts';
import type { Flag, PaymentStatus } from './payment.ts';
import { DAY, parseTaipei, SECOND } from './time.ts';

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
  /** Start of anything that it is called by. */
  readonly search?: string;
  /** Made at or after. */
  readonly from?: number;
  /** Made before. */
  readonly to?: number;
}

export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;

/** Which page of a list, and how long: the same for every list. */
export const PAGE_FIELDS: readonly Field[] = [
  {
    name: 'limit',
    type: 'integer',
    min: 1,
    max: MAX_PAGE,
    description: 'Most that a page holds.',
    default: DEFAULT_PAGE,
    example: 20,
  },
  { name: 'cursor', type: 'string', max: 200, description: '`next_cursor` of the page before, as it came.' },
];

export const DAY_OR_INSTANT = 'a day (yyyy-mm-dd, Taipei) or an ISO 8601 instant with offset';

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
    description:
      'Start of `merchant_order_no`, in its very letters; also of `payment_no` when it begins with PAY and a digit.',
    example: 'ORDER2026',
  },
  {
    name: 'search',
    type: 'string',
    max: 100,
    description:
      'Start of `merchant_order_no` or `payment_no`, of an account, code or barcode, of `gateway_trade_no`, or of the buyer’s name, e-mail or telephone, however it is spelled. Not together with `number`.',
    example: '王小明',
  },
  {
    name: 'from',
    type: 'string',
    max: 40,
    description: `Made at or after: ${DAY_OR_INSTANT}.`,
    example: '2026-06-01',
  },
  {
    name: 'to',
    type: 'string',
    max: 40,
    description: `Made before: ${DAY_OR_INSTANT}; of a day, its end is meant.`,
    example: '2026-06-30',
  },
  ...PAGE_FIELDS,
];

export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | null;
}

type Errors = Readonly<Record<string, readonly string[]>>;

/** A query string as the values of its fields, each checked; `errors` names every bad one. */
export function readPageQuery(
  query: URLSearchParams,
  fields: readonly Field[] = PAGE_FIELDS,
): PageQuery & { readonly values: Readonly<Record<string, unknown>>; readonly errors: Errors } {
  const { values, errors } = checkFields(Object.fromEntries(query), fields);
  // A filter that is given twice means two things, and one of them would be left out in silence.
  const doubled = fields.filter(({ name }) => query.getAll(name).length > 1);
  return {
    limit: typeof values.limit === 'number' ? values.limit : DEFAULT_PAGE,
    cursor: typeof values.cursor === 'string' ? values.cursor : null,
    values,
    errors: {
      ...errors,
      ...Object.fromEntries(doubled.map(({ name }) => [name, [`The ${name} field must be given once.`]])),
    },
  };
}

/** Query of the list route. */
export function readListQuery(
  query: URLSearchParams,
): PageQuery & { readonly filter: PaymentFilter; readonly errors: Errors } {
  const { values, errors, limit, cursor } = readPageQuery(query, LIST_FIELDS);
  const times = { from: readTime(values.from, 'start'), to: readTime(values.to, 'end') };
  const unread = (['from', 'to'] as const).filter((name) => times[name] === null);
  const turned = (times.from ?? 0) >= (times.to ?? Number.POSITIVE_INFINITY);
  const given = Object.entries({ ...values, ...times }).filter(([name, value]) => value !== undefined && !isPage(name));
  return {
    limit,
    cursor,
    filter: Object.fromEntries(given) as PaymentFilter,
    errors: {
      ...Object.fromEntries(unread.map((name) => [name, [`The ${name} field must be ${DAY_OR_INSTANT}.`]])),
      ...(values.number !== undefined && values.search !== undefined
        ? { search: ['The search field must not be given together with number.'] }
        : {}),
      ...(turned && unread.length === 0 ? { to: ['The to field must be later than from.'] } : {}),
      ...errors,
    },
  };
}

function isPage(name: string): boolean {
  return PAGE_FIELDS.some((field) => field.name === name);
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Undefined: not given. Null: not to be read, also a day that no calendar has. */
export function readTime(value: unknown, side: 'start' | 'end'): number | null | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const lastSecond = parseTaipei(value);
    if (lastSecond === null) return null;
    return side === 'end' ? lastSecond + SECOND : lastSecond + SECOND - DAY;
  }
  // A plus sign that was not encoded arrives as a space.
  const text = value.replace(/ (?=\d{2}:\d{2}$)/, '+').toUpperCase();
  const [, day] = INSTANT.exec(text) ?? [];
  const ms = day === undefined || parseTaipei(day) === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
