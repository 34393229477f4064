import { and, asc, type Column, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import {
  addOutcome,
  addPaid,
  type CounterChanges,
  createCounterChanges,
  type MethodSum,
  type OutcomeCount,
} from './counter-changes.ts';
import { writeCounters } from './counters.ts';
import type { Kit, Row, Tables } from './kit.ts';
import type { NewRow } from './schema/rows.ts';
import { statement } from './statement.ts';
import { insertRows } from './table.ts';
import { readFrom } from './table-like.ts';
import type { Reader, Tx } from './tx.ts';

/**
 * Changes of figures that wait. Where several processes write at once, each would wait for the commit of whoever has
 * changed the same figure before: all payments of a project change the same few. So a transaction adds rows of its own
 * here, which nobody else touches; a job folds them up, and until then whoever reads a figure adds them to it.
 *
 * There are two kinds, each named after the table of the finest figure that it changes; the coarser one follows from it.
 */
export const DELTA_OF = {
  paymentCounts: 'outcome_counts',
  outcomeCounts: 'outcome_counts',
  paidSums: 'method_sums',
  methodSums: 'method_sums',
} as const;

export type FigureTable = keyof typeof DELTA_OF;
type Kind = (typeof DELTA_OF)[FigureTable];
type Delta = Row<'figureDeltas'>;

/** Rows of one statement. A transaction has one to three, unless it ends or drops payments by the hundred. */
const AT_ONCE = 50;

/** Writes what a transaction has counted. */
export async function writeDeltas(tx: Tx, { outcomes, methods }: CounterChanges): Promise<void> {
  const counted = [...outcomes.values()].filter(({ count }) => count !== 0);
  const rows = [...counted.map((one) => deltaOf('outcome_counts', one)), ...[...methods.values()].map(ofMethod)];
  for (let at = 0; at < rows.length; at += AT_ONCE) await insertRows(tx, 'figureDeltas', rows.slice(at, at + AT_ONCE));
}

const ofMethod = (one: MethodSum) => deltaOf('method_sums', one);

/** Always the same columns in the same order: rows of both kinds are written by one statement. */
function deltaOf(figure: Kind, one: OutcomeCount | MethodSum): NewRow<'figureDeltas'> {
  const { projectId, keyKind, livemode, quarter, count } = one;
  const { status, currency, way, amount } = { status: null, currency: null, way: null, amount: 0, ...one };
  return { figure, projectId, keyKind, livemode, status, quarter, currency, way, amount, count };
}

const TAKE = statement((kit, p: { limit: number }) => {
  const { figureDeltas: of } = kit.t;
  // What a newer version writes is left to it.
  const known = inArray(of.figure, [...new Set(Object.values(DELTA_OF))]);
  const some = kit.db.$with('some').as(
    kit.claimed(
      kit.db
        .select({ id: sql<number>`${of.id}`.as('id') })
        .from(of)
        .where(known)
        .orderBy(asc(of.id))
        .limit(p.limit),
    ),
  );
  return kit.db
    .with(some)
    .delete(of)
    .where(inArray(of.id, kit.db.select({ id: some.id }).from(some)))
    .returning(getTableColumns(of));
});

const ANY = statement(({ db, t: { figureDeltas: of } }, _: object) => db.select({ id: of.id }).from(of).limit(1));

export async function hasFigureDeltas(on: Reader): Promise<boolean> {
  return (await on.get(ANY, {})) !== null;
}

/** Adds the oldest changes to their figures; how many that were. Two that do it at once take different ones. */
export async function foldFigures(tx: Tx, limit: number): Promise<number> {
  const deltas = await tx.all(TAKE, { limit });
  const changes = createCounterChanges();
  for (const delta of deltas) addDelta(changes, delta);
  await writeCounters(tx, changes);
  return deltas.length;
}

function addDelta(to: CounterChanges, { id: _, figure: __, status, currency, way, quarter, ...of }: Delta): void {
  if (quarter === null) return;
  if (status !== null) addOutcome(to, { ...of, quarter, status });
  else if (way !== null && currency !== null) addPaid(to, { ...of, quarter, way, currency });
}

/** What is read, and by which condition. */
interface Readable<T> {
  readonly from: T;
  readonly where: SQL | undefined;
}

/**
 * The rows of a table of figures that are `wanted`, together with the changes that wait to be added to it. `from` passes for
 * the table where it is read from; what is selected are the table's own columns.
 */
export function whole<Name extends FigureTable>(
  { hasDeltas, t }: Kit,
  name: Name,
  wanted: (of: Tables[Name] | Tables['figureDeltas']) => SQL | undefined = () => undefined,
): Readable<Tables[Name]> {
  const table = t[name];
  if (!hasDeltas) return { from: table, where: wanted(table) };
  const names = Object.values<Column>(getTableColumns(table)).map((column) => sql.identifier(column.name));
  // Wanted on both sides, not of both together: PostgreSQL would read the whole table then, where projects are joined to it.
  const rows = (of: Tables[Name] | Tables['figureDeltas'], ...also: readonly SQL[]) =>
    sql`select ${sql.join(names, sql`, `)} from ${of} where ${and(wanted(of), ...also) ?? sql`true`}`;
  const both = sql`${rows(table)} union all ${rows(t.figureDeltas, isDeltaOf(t, name))}`;
  return { from: readFrom(table, both), where: undefined };
}

export function isDeltaOf({ figureDeltas }: Tables, name: FigureTable): SQL {
  // Not bound: then the planner knows how many there are of each.
  return sql`${figureDeltas.figure} = ${sql.raw(`'${DELTA_OF[name]}'`)}`;
}
