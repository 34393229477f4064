import { and, count, desc, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import type { TroubleKind } from '../../core/attention.ts';
import type { Payment } from '../../core/payment.ts';
import type { Refund } from '../../core/refund.ts';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';
import type { StatsScope } from './counters.ts';
import { PAYMENTS_BY_ID } from './list-statements.ts';

/** The list of what needs a person, newest first. */

export type TroubleRow = Row<'troubles'>;

/** Place in the list. */
export interface TroublePlace {
  readonly since: number;
  readonly id: number;
}

export interface TroubleListInput {
  readonly scope: StatsScope;
  readonly now: number;
  /** Only what comes after this in the list. */
  readonly after: TroublePlace | null;
  readonly limit: number;
}

export interface ListedTrouble {
  readonly trouble: TroubleRow;
  /** Null: it is about none. */
  readonly payment: Row<'payments'> | null;
}

interface Stretch {
  readonly projectId: number | null;
  readonly keyKind: Payment['keyKind'] | null;
  readonly now: number;
  readonly since: number;
  readonly id: number;
  readonly limit: number;
}

/** What belongs to one project and one or both kinds, or to everybody: each is one stretch of an index. */
type Whose = 'one' | 'both' | 'everybody';

function isOpen({ t: { troubles, outbox } }: Kit, p: Pick<Stretch, 'now'>): SQL | undefined {
  return and(
    isNull(troubles.closedAt),
    sql`(${troubles.endsAt} is null or ${troubles.endsAt} > ${p.now})`,
    // Whatever has sent it on its way again.
    sql`(${troubles.outboxId} is null or exists (
      select 1 from ${outbox} where ${outbox.id} = ${troubles.outboxId} and ${outbox.state} = 'dead'))`,
  );
}

function isWhose({ t: { troubles } }: Kit, p: Pick<Stretch, 'projectId' | 'keyKind'>, whose: Whose): SQL | undefined {
  if (whose === 'one') return sql`${troubles.projectId} = ${p.projectId} and ${troubles.keyKind} = ${p.keyKind}`;
  if (whose === 'both') return sql`${troubles.projectId} = ${p.projectId} and ${troubles.keyKind} is null`;
  return and(isNull(troubles.projectId), sql`(${troubles.keyKind} is null or ${troubles.keyKind} = ${p.keyKind})`);
}

function listOf(whose: Whose) {
  return statement((kit, p: Stretch) => {
    const { troubles } = kit.t;
    return kit.db
      .select(getTableColumns(troubles))
      .from(kit.by(troubles, 'troubles_open'))
      .where(
        and(isWhose(kit, p, whose), isOpen(kit, p), sql`(${troubles.since}, ${troubles.id}) < (${p.since}, ${p.id})`),
      )
      .orderBy(desc(troubles.since), desc(troubles.id))
      .limit(p.limit);
  });
}

function countOf(whose: Whose) {
  return statement((kit, p: Pick<Stretch, 'projectId' | 'keyKind' | 'now' | 'limit'>) => {
    const { troubles } = kit.t;
    const some = kit.db
      .select({ one: sql`1`.as('one') })
      .from(kit.by(troubles, 'troubles_open'))
      .where(and(isWhose(kit, p, whose), isOpen(kit, p)))
      .limit(p.limit)
      .as('some');
    return kit.db.select({ found: count() }).from(some);
  });
}

const LIST = { one: listOf('one'), both: listOf('both'), everybody: listOf('everybody') };
const COUNT = { one: countOf('one'), both: countOf('both'), everybody: countOf('everybody') };
const PROJECTS = statement(({ db, t: { projects } }, _: object) => db.select({ id: projects.id }).from(projects));

/** Every stretch that is in scope. */
async function stretchesOf(on: Reader, { projectId, keyKind }: StatsScope) {
  const ids = projectId === null ? await on.all(PROJECTS, {}) : [{ id: projectId }];
  return [
    { whose: 'everybody', projectId: null, keyKind } as const,
    ...ids.flatMap(({ id }) => (['one', 'both'] as const).map((whose) => ({ whose, projectId: id, keyKind }))),
  ];
}

export async function listTroubles(on: Reader, input: TroubleListInput): Promise<readonly ListedTrouble[]> {
  const { scope, now, after, limit } = input;
  const { since, id } = after ?? { since: Number.MAX_SAFE_INTEGER, id: 0 };
  const found = await Promise.all(
    (await stretchesOf(on, scope)).map(({ whose, ...of }) => on.all(LIST[whose], { ...of, now, since, id, limit })),
  );
  const page = found
    .flat()
    .sort((a, b) => b.since - a.since || b.id - a.id)
    .slice(0, limit);
  const ids = [...new Set(page.flatMap(({ paymentId }) => paymentId ?? []))];
  const payments = ids.length === 0 ? [] : await on.all(PAYMENTS_BY_ID, { ids: JSON.stringify(ids) });
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  return page.map((trouble) => ({ trouble, payment: byId.get(trouble.paymentId ?? 0) ?? null }));
}

/** How many need a person, counted no further than `most`. */
export async function countTroubles(on: Reader, scope: StatsScope, now: number, most: number): Promise<number> {
  let total = 0;
  for (const { whose, ...of } of await stretchesOf(on, scope)) {
    if (total >= most) break;
    total += (await on.get(COUNT[whose], { ...of, now, limit: most - total }))?.found ?? 0;
  }
  return total;
}

export function findTrouble(on: Reader, id: number): Promise<TroubleRow | null> {
  return findRow(on, 'troubles', { id });
}

/** Whether it is known and not seen to yet. */
export async function hasTrouble(on: Reader, kind: TroubleKind, subject: string): Promise<boolean> {
  const known = await findRow(on, 'troubles', { kind, subject });
  return known !== null && known.closedAt === null;
}

export function findRefund(on: Reader, refundNo: string): Promise<Refund | null> {
  return findRow(on, 'refunds', { refundNo });
}
