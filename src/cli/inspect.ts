import { existsSync } from 'node:fs';
import { databasePathOf } from '../config/data-files.ts';
import type { Config } from '../config.ts';
import { inspectSqlite } from '../store/engines/sqlite-inspect.ts';
import type { Inspector } from '../store/integrity/check.ts';

/** Opens the database only to look at it; nothing is made or brought up to date. Throws when that cannot be. */
export async function openInspector({ databaseUrl, dataDir }: Config): Promise<Inspector> {
  if (databaseUrl === null) {
    const path = databasePathOf(dataDir);
    if (!existsSync(path)) throw new Error(`there is no database at ${path}`);
    return inspectSqlite(path);
  }
  const { inspectPostgres } = await import('../store/engines/postgres-inspect.ts');
  return inspectPostgres(databaseUrl);
}
