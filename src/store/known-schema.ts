import { resolveAsset } from '../assets.ts';
import type { Config } from '../config.ts';
import { readMigrations } from './migrations.ts';

/** The schema that this version works on. */
export function countMigrations({ databaseUrl }: Pick<Config, 'databaseUrl'>): number {
  return readMigrations(resolveAsset(databaseUrl === null ? 'migrations/sqlite' : 'migrations/postgres')).length;
}
