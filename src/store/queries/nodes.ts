import { asc, gt, type SQL, sql } from 'drizzle-orm';
import { SILENT_MS } from '../../core/node.ts';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import type { Reader } from '../tx.ts';

/** Who serves on this database. */

/** Of a node that was seen lately, by the clock that all of them agree on. */
export function isLiving({ clock, t: { nodes } }: Kit, now: unknown): SQL {
  return gt(nodes.seenAt, sql`${clock(sql`${now}`)} - ${SILENT_MS}`);
}

/** `unseenMs`: for how long it has not been seen. */
export type ListedNode = Row<'nodes'> & { readonly unseenMs: number };

const LIST = statement(({ db, clock, t: { nodes } }, p: { now: number }) =>
  db
    .select({
      id: nodes.id,
      name: nodes.name,
      version: nodes.version,
      publicUrl: nodes.publicUrl,
      startedAt: nodes.startedAt,
      seenAt: nodes.seenAt,
      aheadMs: nodes.aheadMs,
      unseenMs: sql<number>`${clock(sql`${p.now}`)} - ${nodes.seenAt}`.mapWith(Number),
    })
    .from(nodes)
    .orderBy(asc(nodes.startedAt), asc(nodes.id)),
);

/** Every node that has not left or been taken over, the oldest first. */
export function listNodes(on: Reader, now: number): Promise<readonly ListedNode[]> {
  return on.all(LIST, { now });
}
