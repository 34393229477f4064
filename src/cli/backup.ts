import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BackupFacts, BackupFailure, makeBackup, nameBackup, requireSqlite } from '../payments/backups/make.ts';
import { loadConfig } from '../program.ts';
import type { Print } from './command.ts';
import { keepPrivate } from './data-folder.ts';
import { CommandFailure } from './failure.ts';

export const usage =
  'paycore backup [FILE] [--json]  copies the database, also while the server runs, and checks the copy';

export async function run(args: readonly string[], print: Print): Promise<void> {
  const options = { json: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  if (positionals.length > 1) throw new CommandFailure(`paycore backup was given a word too many.\n${usage}`, 2);
  const config = loadConfig(process.env);
  keepPrivate();
  try {
    requireSqlite(config);
    const facts = await makeBackup(config, resolve(positionals[0] ?? nameBackup(config.dataDir, Date.now())));
    print(values.json ? JSON.stringify(facts) : format(facts).join('\n'));
  } catch (error) {
    throw error instanceof BackupFailure ? new CommandFailure(error.message) : error;
  }
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
