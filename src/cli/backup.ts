import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { formatInstant } from '../core/time.ts';
import { type BackupFacts, BackupFailure } from '../payments/backups/facts.ts';
import { makeBackup, requireSqlite } from '../payments/backups/make.ts';
import { listBackups, nameBackup, removeBackup } from '../payments/backups/shelf.ts';
import { loadConfig } from '../program.ts';
import type { Print } from './command.ts';
import { keepPrivate } from './data-folder.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore backup [FILE] [--json]  copies the database, also while the server runs, and checks the copy
paycore backup --list [--json]  those in the data directory, and what was found in them
paycore backup --remove NAME    drops one of them`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  remove: { type: 'string' },
} as const;

export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const words = positionals.length + (values.list ? 1 : 0) + (values.remove === undefined ? 0 : 1);
  if (words > 1) throw new CommandFailure(`paycore backup was given a word too many.\n${usage}`, 2);
  const config = loadConfig(process.env);
  keepPrivate();
  try {
    requireSqlite(config);
    if (values.list) print(describeAll(config, values.json));
    else if (values.remove !== undefined) print(remove(config, values.remove));
    else print(await make(config, positionals[0], values.json));
  } catch (error) {
    throw error instanceof BackupFailure ? new CommandFailure(error.message) : error;
  }
}

function describeAll({ dataDir }: Config, isJson: boolean): string {
  const files = listBackups(dataDir).map(({ name, bytes, at, broken }) => ({
    ...{ name, bytes, at: formatInstant(at), checked: broken !== null, broken: broken ?? [] },
  }));
  if (isJson) return JSON.stringify(files);
  const lines = files.map(({ name, bytes, at, checked, broken }) => {
    const found = broken.length > 0 ? `breaks ${broken.join(', ')}` : checked ? 'checked' : 'not checked';
    return `${at}  ${String(Math.ceil(bytes / 1024)).padStart(9)} kB  ${name}  ${found}`;
  });
  return lines.length > 0 ? lines.join('\n') : 'there is no backup yet: paycore backup';
}

async function make(config: Config, file: string | undefined, isJson: boolean): Promise<string> {
  const facts = await makeBackup(config, resolve(file ?? nameBackup(config.dataDir, Date.now())));
  return isJson ? JSON.stringify(facts) : format(facts).join('\n');
}

function remove({ dataDir }: Config, name: string): string {
  if (!removeBackup(dataDir, name)) {
    throw new CommandFailure(`there is no backup "${name}"; see paycore backup --list.`, 2);
  }
  return `${name} is gone.`;
}

function format({ file, bytes, schema, checks, broken, master_key }: BackupFacts): readonly string[] {
  return [
    `backup      ${file}`,
    `size        ${Math.ceil(bytes / 1024)} kB, schema ${schema}`,
    broken.length === 0
      ? `checked     ${checks} rules hold`
      : `checked     the copy is whole, but what it holds breaks ${broken.join(', ')}: see paycore doctor`,
    `master key  ${master_key ?? 'PAYCORE_MASTER_KEY'}: keep it too, but not beside the backup; without it credentials are lost`,
  ];
}
