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
  /** When gateways called last about somebody's payments. */
  readonly calls: readonly LastCall[];
}

export interface LastCall {
  readonly gateway: string;
  readonly acceptedAt: number | null;
  readonly refusedAt: number | null;
  readonly refusal: string | null;
}

const QUERIES = {
  deadNotifications: "SELECT count(*) AS fact FROM outbox WHERE state = 'dead'",
  dueSince: "SELECT min(due_at) AS fact FROM outbox WHERE state = 'pending' AND leased_by IS NULL",
  newest: 'SELECT max(at) AS fact FROM (SELECT at FROM events ORDER BY id DESC LIMIT 1000) AS latest',
  masterKeyId: "SELECT max(value) AS fact FROM settings WHERE name = 'master_key_id'",
} as const satisfies Record<Exclude<keyof Facts, 'calls'>, string>;

export async function readFacts(inspector: Inspector): Promise<Facts> {
  const entries = Object.entries(QUERIES).map(async ([name, sql]) => {
    const [row] = await inspector.all<{ fact: unknown }>(sql);
    return [name, row?.fact ?? null];
  });
  return { ...Object.fromEntries(await Promise.all(entries)), calls: await readCalls(inspector) };
}

/** One row for each project and kind of key; the last of each gateway counts. */
const CALLS =
  'SELECT gateway, accepted_at, refused_at, refusal FROM callback_calls WHERE project_id <> 0 ORDER BY gateway';

async function readCalls(inspector: Inspector): Promise<readonly LastCall[]> {
  const rows = await inspector.all<{ gateway: string; accepted_at: unknown; refused_at: unknown; refusal: string }>(
    CALLS,
  );
  const last = new Map<string, LastCall>();
  for (const { gateway, accepted_at, refused_at, refusal } of rows) {
    // PostgreSQL gives great integers as texts.
    const [accepted, refused] = [Number(accepted_at ?? 0), Number(refused_at ?? 0)];
    const known = last.get(gateway);
    const isLater = refused > (known?.refusedAt ?? 0);
    last.set(gateway, {
      gateway,
      acceptedAt: Math.max(accepted, known?.acceptedAt ?? 0) || null,
      refusedAt: isLater ? refused : (known?.refusedAt ?? null),
      refusal: isLater ? refusal : (known?.refusal ?? null),
    });
  }
  return [...last.values()];
}
