import { ask } from '../binary/support/places.ts';

/** How long what a killed node had taken has to wait until somebody delivers it. */

/** Whatever was being delivered when a node was killed, by whichever node: what the others had is done within moments. */
interface Left {
  readonly killedAt: number;
  readonly ids: readonly number[];
}

interface Row {
  readonly id: number;
  readonly delivered: number;
}

export interface Takeovers {
  /** Right after a kill. */
  note(killedAt: number): Promise<void>;
  /** When everything is delivered. */
  conclude(): Promise<{ readonly leases: number; readonly longestMs: number }>;
}

export function watchTakeovers(at: string): Takeovers {
  const lefts: Left[] = [];
  return {
    async note(killedAt) {
      const rows = await ask(at, "SELECT id FROM outbox WHERE leased_by IS NOT NULL AND state <> 'delivered'");
      lefts.push({ killedAt, ids: rows.map((row) => (row as Row).id) });
    },
    async conclude() {
      const ids = lefts.flatMap((left) => left.ids);
      if (ids.length === 0) return { leases: 0, longestMs: 0 };
      const sql = `SELECT id, updated_at AS delivered FROM outbox WHERE state = 'delivered' AND id IN (${ids.join(', ')})`;
      const rows = (await ask(at, sql)) as readonly Row[];
      const deliveredAt = new Map(rows.map(({ id, delivered }) => [id, delivered]));
      const waits = lefts.flatMap(({ killedAt, ids: left }) =>
        left.map((id) => (deliveredAt.get(id) ?? Number.POSITIVE_INFINITY) - killedAt),
      );
      return { leases: ids.length, longestMs: Math.max(...waits) };
    },
  };
}
