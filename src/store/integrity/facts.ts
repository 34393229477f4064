import type { Inspector } from './check.ts';

/** What a person who looks after PayCore wants to know of its data, besides whether it is right. */
export interface Facts {
  /** Notifications that no shop took in three days. */
  readonly deadNotifications: number;
  /** Since when the oldest one has been due that waits to be sent; null: none does. */
  readonly dueSince: number | null;
  /** The latest instant at which something happened; null: nothing did. */
  readonly newest: number | null;
  /** Which master key the data is encrypted with; null: none yet. */
  readonly masterKeyId: string | null;
}

const QUERIES = {
  deadNotifications: "SELECT count(*) AS fact FROM outbox WHERE state = 'dead'",
  dueSince: "SELECT min(due_at) AS fact FROM outbox WHERE state = 'pending' AND leased_by IS NULL",
  newest: 'SELECT max(at) AS fact FROM (SELECT at FROM events ORDER BY id DESC LIMIT 1000) AS latest',
  masterKeyId: "SELECT max(value) AS fact FROM settings WHERE name = 'master_key_id'",
} as const satisfies Record<keyof Facts, string>;

export async function readFacts(inspector: Inspector): Promise<Facts> {
  const entries = Object.entries(QUERIES).map(async ([name, sql]) => {
    const [row] = await inspector.all<{ fact: unknown }>(sql);
    return [name, row?.fact ?? null];
  });
  return Object.fromEntries(await Promise.all(entries));
}
