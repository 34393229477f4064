import { and, eq, gte, lt, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { isDeltaOf, whole } from '../figure-deltas.ts';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';
import {
  isInQuarters,
  type Quarters,
  readQuarters,
  readScope,
  type Scope,
  type Scoped,
  type StatsScope,
  type Whose,
  whoseOf,
} from './counters.ts';

/** What the desk's overview shows, out of the figures that `counters.ts` keeps: `from` ≤ instant < `to`, whole quarters. */

/** Paid by one way in one currency. */
export interface MethodTotal extends Pick<Row<'methodSums'>, 'amount' | 'count'> {
  readonly gateway: string;
  readonly method: string;
  readonly currency: string;
}

const total = (column: SQLWrapper) => sql`coalesce(sum(${column}), 0)`.mapWith(Number);

type Way = Scope & { readonly way: string };

const isOf = (of: Scoped, p: Scope) =>
  sql`${of.projectId} = ${p.projectId} and ${of.keyKind} = ${p.keyKind} and ${eq(of.livemode, p.livemode)}`;

/**
 * The ways there are, each found by one step in the table, however many quarters of an hour it has; and those of the
 * changes that wait, which are few.
 */
const WAYS = statement((kit, p: Scope) => {
  const { methodSums: of, figureDeltas: deltas } = kit.t;
  const next = (after: SQL) => sql`(select ${of.way} from ${of}
    where ${isOf(of, p)} and ${of.way} > ${after} order by ${of.way} limit 1)`;
  const waiting = sql` union select ${deltas.way} from ${deltas}
    where ${isDeltaOf(kit.t, 'methodSums')} and ${isOf(deltas, p)}`;
  const steps = sql`(with recursive steps (value) as (
    select ${next(sql`''`)} union all select ${next(sql`steps.value`)} from steps where steps.value is not null
  ) select value from steps where value is not null${kit.hasDeltas ? waiting : sql``}) as steps`;
  return kit.db.select({ way: sql<string>`steps.value` }).from(steps);
});

const SUM_OF_WAY = statement((kit, p: Way & Quarters) => {
  const { amount, count } = kit.t.methodSums;
  const { from, where } = whole(kit, 'methodSums', (of) =>
    and(isOf(of, p), eq(of.way, p.way), gte(of.quarter, p.from), lt(of.quarter, p.to)),
  );
  return kit.db
    .select({ amount: total(amount), count: total(count) })
    .from(from)
    .where(where);
});

const PROJECTS = statement(({ db, t: { projects } }, _: object) => db.select({ id: projects.id }).from(projects));

/** Paid amounts by the way that they came. */
export async function sumByMethod(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<readonly MethodTotal[]> {
  const quarters = readQuarters(from, to);
  const ids = scope.projectId === null ? await on.all(PROJECTS, {}) : [{ id: scope.projectId }];
  const totals = new Map<string, Pick<MethodTotal, 'amount' | 'count'>>();
  for (const { id: projectId } of ids) {
    const of = { ...readScope(scope), projectId };
    for (const { way } of await on.all(WAYS, of)) {
      const sum = await on.get(SUM_OF_WAY, { ...of, way, ...quarters });
      const before = totals.get(way) ?? { amount: 0, count: 0 };
      totals.set(way, { amount: before.amount + (sum?.amount ?? 0), count: before.count + (sum?.count ?? 0) });
    }
  }
  return [...totals]
    .filter(([, { count }]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([way, sum]) => ({ ...readWay(way), ...sum }));
}

function readWay(way: string): Pick<MethodTotal, 'gateway' | 'method' | 'currency'> {
  const [gateway = '', method = '', currency = ''] = way.split('/');
  return { gateway, method, currency };
}

function countOutcomesOf(whose: Whose) {
  return statement((kit, p: Quarters) => {
    const { outcomeCounts: of } = kit.t;
    const { from, where } = whole(kit, 'outcomeCounts', (one) => isInQuarters(kit, one, p, whose));
    return kit.db
      .select({ status: of.status, count: total(of.count) })
      .from(from)
      .where(where)
      .groupBy(of.status);
  });
}

const OUTCOMES = { one: countOutcomesOf('one'), all: countOutcomesOf('all') };

/** What became of the payments that were made in that time. */
export async function countOutcomes(
  on: Reader,
  scope: StatsScope,
  from: number,
  to: number,
): Promise<Readonly<Record<string, number>>> {
  const rows = await on.all(OUTCOMES[whoseOf(scope)], { ...readScope(scope), ...readQuarters(from, to) });
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ status, count }) => [status, count]));
}
