import { Database } from 'bun:sqlite';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Checked, checkRules } from '../integrity/check.ts';
import { rulesOf, storageRulesOf } from '../integrity/rules.ts';
import { inspectSqlite } from './sqlite-inspect.ts';

export interface Backup {
  readonly schema: number;
  /** What was tried on the copy: every rule, or those about the file alone when the schema is not the known one. */
  readonly checked: readonly Checked[];
}

/**
 * Copies the database as it is at one moment, whatever is written meanwhile, and looks the copy through before it gets its
 * name: what bears that name is whole. Throws when there is something of that name, or the copy is damaged.
 */
export async function backUpSqlite(path: string, target: string, knownSchema: number): Promise<Backup> {
  if (existsSync(target)) throw new Error(`${target} is there already`);
  const unfinished = `${target}.${process.pid}.unfinished`;
  try {
    copy(path, unfinished);
    const backup = await look(unfinished, knownSchema);
    const damage = backup.checked.find(({ name, found }) => name === 'damaged_storage' && found > 0);
    if (damage) throw new Error(`the copy is damaged (${JSON.stringify(damage.rows[0])}); see paycore doctor`);
    sync(unfinished);
    publish(unfinished, target);
    sync(dirname(target));
    return backup;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function copy(path: string, target: string): void {
  const source = new Database(path, { readonly: true });
  try {
    source.run('PRAGMA busy_timeout = 5000');
    source.query('VACUUM INTO ?').run(target);
  } finally {
    source.close(true);
  }
}

async function look(path: string, knownSchema: number): Promise<Backup> {
  const inspector = inspectSqlite(path);
  try {
    const schema = await inspector.readVersion();
    const rules = schema === knownSchema ? rulesOf('sqlite') : storageRulesOf('sqlite');
    return { schema, checked: await checkRules(inspector, rules) };
  } finally {
    await inspector.close();
  }
}

/** What is written of a file, or of the names in a folder, is on the disk. */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A link never takes the place of a file; where there are no links, nobody else is expected to make one now. */
function publish(unfinished: string, target: string): void {
  try {
    linkSync(unfinished, target);
  } catch (cause) {
    if ((cause as { code?: string }).code === 'EEXIST' || existsSync(target)) {
      throw new Error(`${target} is there already`);
    }
    renameSync(unfinished, target);
  }
}
