import { type AnyColumn, and, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { PaymentFilter } from '../../core/payment-query.ts';
import type { Kit, Row, Tables } from '../kit.ts';
import { type Statement, statement } from '../statement.ts';

/** The statements that `list.ts` puts a page together with: each is made once for its index and what is asked of it. */

/** Place of a payment in the list. */
export interface Position {
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
  readonly id: number;
}

/** The part of the list that is read, and what is asked for. */
export interface Range extends Pick<Row<'payments'>, 'projectId' | 'keyKind'> {
  readonly lowAt: number;
  readonly lowId: number;
  readonly highAt: number;
  readonly highId: number;
  readonly status: string | undefined;
  readonly gateway: string | undefined;
  readonly method: string | undefined;
  readonly flag: string | undefined;
  readonly number: string | undefined;
}

/** The values of a stretch: `gateway` and `method` are those of the stretch, where it has such. */
type Given = Range & { readonly flags?: string };
type Asked = 'status' | 'gateway' | 'method' | 'flag' | 'number';
type Payments = Tables['payments'];

/** An index, and what it answers by itself. */
interface Source {
  readonly index: string;
  readonly answers: readonly Asked[];
  readonly where: (kit: Kit, p: Given) => SQL | undefined;
}

/** The conditions of the partial indexes are repeated word for word: only then do both engines know that they apply. */
const SOURCES = {
  time: { index: 'payments_by_time', answers: [], where: () => undefined },
  concluded: {
    index: 'payments_concluded',
    answers: ['status'],
    where: ({ t: { payments } }, p) => sql`${payments.status} <> 'pending' and ${payments.status} = ${p.status}`,
  },
  method: {
    index: 'payments_of_method',
    answers: ['gateway', 'method'],
    where: ({ t: { payments } }, p) => sql`${payments.gateway} = ${p.gateway} and ${payments.method} = ${p.method}`,
  },
  flags: {
    index: 'payments_flagged',
    answers: ['flag'],
    where: ({ t: { payments } }, p) => sql`${payments.flags} <> '' and ${payments.flags} = ${p.flags}`,
  },
  orderNo: {
    index: 'payments_by_order',
    answers: ['number'],
    where: (kit, p) => beginsWith(kit, kit.t.payments.merchantOrderNo, p),
  },
  // Without those that are found by their order number.
  paymentNo: {
    index: 'payments_no',
    answers: ['number'],
    where: (kit, p) => {
      const { paymentNo, merchantOrderNo } = kit.t.payments;
      return sql`${beginsWith(kit, paymentNo, p)} and not ${beginsWith(kit, merchantOrderNo, p)}`;
    },
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;

function beginsWith({ afterPrefix }: Kit, column: AnyColumn, { number }: Given): SQL {
  return sql`(${column} >= ${number} and ${column} < ${afterPrefix(sql`${number}`)})`;
}

export function isPaymentNo(number: string): boolean {
  return /^PAY\d/.test(number);
}

/** What a filter asks for besides the time and what the index has answered. */
export function listUnanswered(source: SourceName, filter: PaymentFilter): readonly Asked[] {
  const { answers }: Source = SOURCES[source];
  return ASKED.filter((name) => filter[name] !== undefined && !answers.includes(name));
}

const ASKED: readonly Asked[] = ['status', 'gateway', 'method', 'flag', 'number'];

/** How a row is asked. `anyNumber`: the number may be either of ours or the shop's. */
const CONDITIONS: Readonly<Record<Asked | 'anyNumber', (kit: Kit, p: Given) => SQL>> = {
  status: ({ t: { payments } }, p) => sql`${payments.status} = ${p.status}`,
  gateway: ({ t: { payments } }, p) => sql`${payments.gateway} = ${p.gateway}`,
  method: ({ t: { payments } }, p) => sql`${payments.method} = ${p.method}`,
  // Without the flag between its commas the text would be another; the engines have no other function in common.
  flag: ({ t: { payments } }, p) => {
    const flags = sql`',' || ${payments.flags} || ','`;
    return sql`replace(${flags}, ',' || ${p.flag} || ',', '') <> ${flags}`;
  },
  number: (kit, p) => beginsWith(kit, kit.t.payments.merchantOrderNo, p),
  anyNumber: (kit, p) => {
    const { merchantOrderNo, paymentNo } = kit.t.payments;
    return sql`(${beginsWith(kit, merchantOrderNo, p)} or ${beginsWith(kit, paymentNo, p)})`;
  },
};

function isInRange({ createdAt, id, projectId, keyKind }: Payments, p: Range): SQL | undefined {
  return and(
    eq(projectId, p.projectId),
    eq(keyKind, p.keyKind),
    sql`(${createdAt}, ${id}) >= (${p.lowAt}, ${p.lowId})`,
    sql`(${createdAt}, ${id}) < (${p.highAt}, ${p.highId})`,
  );
}

/** Makes a statement when it is first asked for, and keeps it. */
function keep<Key extends string, Values extends object, Result>(make: (key: Key) => Statement<Values, Result>) {
  const made = new Map<Key, Statement<Values, Result>>();
  return (key: Key): Statement<Values, Result> => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** How many rows a stretch has, counted up to `most`. */
export const countIn = keep((name: SourceName) =>
  statement((kit, p: Given & { most: number }) => {
    const { payments } = kit.t;
    const { index, where }: Source = SOURCES[name];
    return countUpTo(kit, index, and(where(kit, p), isInRange(payments, p)), p.most);
  }),
);

function countUpTo({ db, t: { payments }, by }: Kit, index: string, where: SQL | undefined, most: number) {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(by(payments, index))
    .where(where)
    .limit(most)
    .as('some');
  return db.select({ found: count() }).from(some);
}

/** The position after `skipped` rows of a stretch. */
export const floorOf = keep((name: SourceName) =>
  statement((kit, p: Given & { skipped: number }) => {
    const { index, where }: Source = SOURCES[name];
    return selectPositions(kit, index, and(where(kit, p), isInRange(kit.t.payments, p)))
      .limit(1)
      .offset(p.skipped);
  }),
);

const rowsOfShape = keep((shape: string) =>
  statement((kit, p: Given & { most: number }) => {
    const [name, ...asked] = shape.split(' ') as [SourceName, ...(Asked | 'anyNumber')[]];
    const { index, where }: Source = SOURCES[name];
    const wanted = asked.map((one) => CONDITIONS[one](kit, p));
    return selectPositions(kit, index, and(where(kit, p), isInRange(kit.t.payments, p), ...wanted)).limit(p.most);
  }),
);

/** The newest rows of a stretch that fit the whole filter. */
export function rowsOf(source: SourceName, filter: PaymentFilter) {
  const asked = listUnanswered(source, filter).map((name) =>
    name === 'number' && isPaymentNo(filter.number ?? '') ? 'anyNumber' : name,
  );
  return rowsOfShape([source, ...asked].join(' '));
}

function selectPositions({ db, t: { payments }, by }: Kit, index: string, where: SQL | undefined) {
  return db
    .select({ at: payments.createdAt, id: payments.id })
    .from(by(payments, index))
    .where(where)
    .orderBy(desc(payments.createdAt), desc(payments.id));
}

/** How many payments have a number that begins like this, counted up to `most`, of whatever key they are. */
export const COUNT_STARTS = {
  orderNo: statement((kit, p: Given & { most: number }) => {
    const { projectId, merchantOrderNo } = kit.t.payments;
    const where = and(eq(projectId, p.projectId), beginsWith(kit, merchantOrderNo, p));
    return countUpTo(kit, 'payments_by_order', where, p.most);
  }),
  paymentNo: statement((kit, p: Given & { most: number }) =>
    countUpTo(kit, 'payments_no', beginsWith(kit, kit.t.payments.paymentNo, p), p.most),
  ),
};

interface Steps {
  readonly index: string;
  readonly column: AnyColumn;
  readonly where: SQL | undefined;
}

/**
 * The different values of a column, smallest first: each is found by one step in an index that has the column behind what
 * `where` asks for, however many rows there are of each.
 */
function stepThrough({ db, t: { payments }, by }: Kit, { index, column, where }: Steps) {
  const next = (after: SQL) => sql`(select ${column} from ${by(payments, index)}
    where ${and(where, sql`${column} > ${after}`)} order by ${column} limit 1)`;
  const steps = sql`(with recursive steps (value) as (
    select ${next(sql`''`)} union all select ${next(sql`steps.value`)} from steps where steps.value is not null
  ) select value from steps where value is not null) as steps`;
  return db.select({ value: sql<string>`steps.value` }).from(steps);
}

export const METHODS_OF_GATEWAY = statement((kit, p: Range) => {
  const { payments } = kit.t;
  return stepThrough(kit, {
    index: 'payments_of_method',
    column: payments.method,
    where: sql`${isOfKey(payments, p)} and ${payments.gateway} = ${p.gateway}`,
  });
});

/** Gateways by which the key has payments of this method. */
export const GATEWAYS_OF_METHOD = statement((kit, p: Range) => {
  const { payments } = kit.t;
  const steps = { index: 'payments_of_method', column: payments.gateway, where: isOfKey(payments, p) };
  const isPaidSo = sql`exists (select 1 from ${kit.by(payments, 'payments_of_method')} where
    ${isOfKey(payments, p)} and ${payments.gateway} = steps.value and ${payments.method} = ${p.method})`;
  return stepThrough(kit, steps).where(isPaidSo);
});

export const FLAG_SETS = statement((kit, p: Range) => {
  const { payments } = kit.t;
  return stepThrough(kit, {
    index: 'payments_flagged',
    column: payments.flags,
    where: sql`${isOfKey(payments, p)} and ${payments.flags} <> ''`,
  });
});

function isOfKey({ projectId, keyKind }: Payments, p: Range): SQL | undefined {
  return and(eq(projectId, p.projectId), eq(keyKind, p.keyKind));
}

export const PAYMENTS_BY_ID = statement(({ db, t: { payments }, elements }, p: { ids: string }) =>
  db
    .select()
    .from(payments)
    .where(inArray(payments.id, elements(sql`${p.ids}`, 'number'))),
);

export const ATTEMPTS_BY_ID = statement(({ db, t: { attempts }, elements }, p: { ids: string }) =>
  db
    .select()
    .from(attempts)
    .where(inArray(attempts.id, elements(sql`${p.ids}`, 'number'))),
);
