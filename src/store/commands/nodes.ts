import { and, asc, eq, ne, not, sql } from 'drizzle-orm';
import type { Row } from '../kit.ts';
import { isLiving } from '../queries/nodes.ts';
import { statement } from '../statement.ts';
import type { Tx } from '../tx.ts';
import { type Freed, type Freeing, freeWorkOf, freeWorkOfOthers, isAll } from './free-work.ts';
import { closeTrouble } from './troubles.ts';

/**
 * Who serves on this database. A node keeps its name for as long as it runs, also when it was taken for gone: what it had
 * taken is somebody else's by then, which every end of a lease looks at; what nobody has taken since is still its own.
 */

export interface NewNode extends Pick<Row<'nodes'>, 'id' | 'name' | 'version' | 'publicUrl'> {
  readonly now: number;
}

export interface EnteredNode {
  /** By the clock that all nodes agree on. */
  readonly seenAt: number;
  /** Those that were seen lately, but for this one. */
  readonly others: readonly Row<'nodes'>[];
}

type Known = Pick<Row<'nodes'>, 'id'> & { readonly now: number };

const OTHERS = statement((kit, p: Known) => {
  const { nodes } = kit.t;
  return kit.db
    .select()
    .from(nodes)
    .where(and(ne(nodes.id, p.id), isLiving(kit, p.now)));
});

const ENTER = statement(({ db, clock, t: { nodes } }, p: NewNode) => {
  const seenAt = clock(sql`${p.now}`);
  return db
    .insert(nodes)
    .values({ id: p.id, name: p.name, version: p.version, publicUrl: p.publicUrl, startedAt: seenAt, seenAt })
    .onConflictDoUpdate({ target: nodes.id, set: { seenAt: sql`excluded.seen_at` } })
    .returning({ seenAt: nodes.seenAt });
});

const DROP_OTHERS = statement(({ db, t: { nodes } }, p: Known) => db.delete(nodes).where(ne(nodes.id, p.id)));

/** Writes a node down that begins to serve. Of two that come at once the second finds the first. */
export async function enterNode(tx: Tx, node: NewNode): Promise<EnteredNode> {
  await tx.lock('nodes');
  const others = await tx.all(OTHERS, node);
  const entered = await tx.get(ENTER, node);
  return { seenAt: entered?.seenAt ?? node.now, others };
}

/** The same where one process alone serves: whoever served before is gone, and what it had taken is free. */
export async function enterAlone(tx: Tx, node: NewNode, lookMs: number): Promise<EnteredNode> {
  await freeWorkOfOthers(tx, { owner: node.id, now: node.now, lookMs });
  await tx.run(DROP_OTHERS, node);
  return enterNode(tx, node);
}

const SEE = statement(({ db, clock, t: { nodes } }, p: Known & Pick<Row<'nodes'>, 'aheadMs'>) =>
  db
    .update(nodes)
    .set({ seenAt: clock(sql`${p.now}`), aheadMs: p.aheadMs })
    .where(eq(nodes.id, p.id))
    .returning({ seenAt: nodes.seenAt }),
);

/** The node lives. When it was seen, by the clock that all agree on; null: it was taken for gone, and has to enter anew. */
export async function seeNode(tx: Tx, id: string, aheadMs: number, now: number): Promise<number | null> {
  return (await tx.get(SEE, { id, aheadMs, now }))?.seenAt ?? null;
}

const DEAD = statement((kit, p: Known) => {
  const { nodes } = kit.t;
  return kit.claimed(
    kit.db
      .select()
      .from(nodes)
      .where(and(ne(nodes.id, p.id), not(isLiving(kit, p.now))))
      .orderBy(asc(nodes.seenAt))
      .limit(1),
  );
});

const ROW = statement(({ db, locked, t: { nodes } }, p: Pick<Known, 'id'>) =>
  locked(db.select().from(nodes).where(eq(nodes.id, p.id))),
);

const PREDECESSOR = statement((kit, p: { readonly id: string; readonly place: string }) => {
  const { nodes } = kit.t;
  return kit.claimed(
    kit.db
      .select()
      .from(nodes)
      .where(and(ne(nodes.id, p.id), sql`${nodes.id} like ${p.place} || '%'`))
      .limit(1),
  );
});

export interface TakenOver extends Freed {
  readonly node: Row<'nodes'>;
}

/**
 * Frees what one node had taken that was not seen for long, and drops it when that was all. One at a time does it, and the
 * node's own next sign of life waits until it is done: it is either taken over, or it lives. Null: all live.
 */
export async function takeOverDead(tx: Tx, by: Freeing): Promise<TakenOver | null> {
  const node = await tx.get(DEAD, { id: by.owner, now: by.now });
  return node && freeNode(tx, node, by);
}

/** The same with a process that served from the same place, where one at a time does. Null: there is none any more. */
export async function takeOverPredecessor(tx: Tx, by: Freeing, place: string): Promise<TakenOver | null> {
  const node = await tx.get(PREDECESSOR, { id: by.owner, place });
  return node && freeNode(tx, node, by);
}

/** A node that stops by itself; what it did not bring to an end is free at once. False: there is more of it. */
export async function leaveNode(tx: Tx, leaving: Freeing): Promise<boolean> {
  const node = await tx.get(ROW, { id: leaving.owner });
  return node === null || isAll(await freeNode(tx, node, leaving), leaving);
}

const DROP = statement(({ db, t: { nodes } }, p: Pick<Known, 'id'>) => db.delete(nodes).where(eq(nodes.id, p.id)));

async function freeNode(tx: Tx, node: Row<'nodes'>, freeing: Freeing): Promise<TakenOver> {
  const freed = await freeWorkOf(tx, { ...freeing, owner: node.id });
  if (isAll(freed, freeing)) {
    await tx.run(DROP, node);
    const namesakes = (await tx.all(OTHERS, { id: node.id, now: freeing.now })).filter(
      ({ name }) => name === node.name,
    );
    if (namesakes.length === 0) await closeTrouble(tx, 'clock_skew', node.name, freeing.now);
  }
  return { node, ...freed };
}
