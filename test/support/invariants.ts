import { inspectPostgres } from '../../src/store/engines/postgres-inspect.ts';
import { inspectSqlite } from '../../src/store/engines/sqlite-inspect.ts';
import { type Checked, checkRules } from '../../src/store/integrity/check.ts';

/** Looks through a ledger, a SQLite file or the address of a PostgreSQL database; nothing is wrong: nothing is given. */
export async function checkInvariants(place: string): Promise<readonly Checked[]> {
  const inspector = place.startsWith('postgres') ? await inspectPostgres(place) : inspectSqlite(place);
  try {
    return listBroken(await checkRules(inspector));
  } finally {
    await inspector.close();
  }
}

export function listBroken(checked: readonly Checked[]): readonly Checked[] {
  return checked.filter(({ found }) => found > 0);
}

/** One line for each, as a report gives them. */
export function describeBroken(broken: readonly Checked[]): string[] {
  return broken.map(({ name, rows }) => `${name}: ${rows.map((row) => JSON.stringify(row)).join(' ')}`);
}
