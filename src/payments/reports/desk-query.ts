import { FLAGS, type PaymentFilter, STATUSES } from '../../core/payment-query.ts';
import type { Refund } from '../../core/refund.ts';
import { readDay } from '../../core/zone.ts';
import type { RefundFilter } from '../../store/queries/desk/refunds.ts';

/** What a list of the desk is narrowed to, as it stands in the address of the page. */
export interface DeskQuery<Filter> {
  /** What was asked, by the names of the fields; what cannot be meant is left out. */
  readonly given: Readonly<Record<string, string>>;
  readonly filter: Filter;
  /** Fields that could not be read. */
  readonly wrong: Readonly<Partial<Record<'from' | 'to', 'no_day' | 'turned'>>>;
  readonly search: string | null;
  readonly cursor: string | null;
}

export const MAX_SEARCH = 100;
const WORD = /^[\w-]{1,40}$/;

/** Words that are none of those there are narrow nothing: an old address still shows a list. */
export function readDeskQuery(
  query: URLSearchParams,
  zone: string,
): DeskQuery<Omit<PaymentFilter, 'number' | 'search'>> {
  const given = readChoices(query, { status: STATUSES, gateway: WORD, method: WORD, flag: FLAGS });
  const days = readDays(query, zone);
  const search = (query.get('q') ?? '').trim().slice(0, MAX_SEARCH);
  return {
    given: { ...given, ...days.given, ...(search === '' ? {} : { q: search }) },
    filter: { ...given, ...days.filter },
    wrong: days.wrong,
    search: search === '' ? null : search,
    cursor: query.get('cursor') || null,
  };
}

export const REFUND_STATUSES: readonly Refund['status'][] = ['succeeded', 'pending', 'unknown', 'failed'];
export const REFUND_SOURCES: readonly Refund['source'][] = ['api', 'gateway'];

export function readRefundQuery(query: URLSearchParams, zone: string): DeskQuery<RefundFilter> {
  const given = readChoices(query, { status: REFUND_STATUSES, source: REFUND_SOURCES });
  const days = readDays(query, zone);
  return {
    given: { ...given, ...days.given },
    filter: { ...given, ...days.filter },
    wrong: days.wrong,
    search: null,
    cursor: query.get('cursor') || null,
  };
}

type Choices = Readonly<Record<string, readonly string[] | RegExp>>;

/** Of each field the value, where it is one that there is. */
export function readChoices(query: URLSearchParams, choices: Choices): Readonly<Record<string, string>> {
  const read = Object.entries(choices).flatMap(([name, allowed]) => {
    const value = query.get(name) ?? '';
    const isMeant = allowed instanceof RegExp ? allowed.test(value) : allowed.includes(value);
    return isMeant ? [[name, value]] : [];
  });
  return Object.fromEntries(read);
}

/** `from` and `to`, both days themselves included, as instants of the merchant's calendar. */
export function readDays(
  query: URLSearchParams,
  zone: string,
): Pick<DeskQuery<{ readonly from?: number; readonly to?: number }>, 'given' | 'filter' | 'wrong'> {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const [first, last] = [readDay(from, zone), readDay(to, zone)];
  const isTurned = first !== null && last !== null && first.from >= last.to;
  return {
    given: { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) },
    filter: {
      ...(first === null ? {} : { from: first.from }),
      ...(last === null || isTurned ? {} : { to: last.to }),
    },
    wrong: {
      ...(from !== '' && first === null ? { from: 'no_day' as const } : {}),
      ...(to !== '' && last === null ? { to: 'no_day' as const } : {}),
      ...(isTurned ? { to: 'turned' as const } : {}),
    },
  };
}
