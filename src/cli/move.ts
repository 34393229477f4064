import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { masterKeyPathOf } from '../config/data-files.ts';
import { parseDatabaseUrl, Refusal } from '../config/values.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../program.ts';
import { MoveRefused } from '../store/move/held.ts';
import { type Moved, moveData, type Progress } from '../store/move/move.ts';
import { LEFT_BEHIND, labelOf } from '../store/move/tables.ts';
import type { Print } from './command.ts';
import { keepPrivate } from './data-folder.ts';
import { CommandFailure } from './failure.ts';
import { holdSource, holdTarget, type Place, placeOfConfig } from './move-places.ts';

export const usage = `paycore move --to postgres://user:password@host/database [--json]   all data to there, while no server runs
paycore move --to sqlite:[FILE] [--json]   to a file, paycore.db in the data directory unless told otherwise`;

const OPTIONS = { to: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** Run again after it was broken off, it goes on where it was. */
export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const config = loadConfig(process.env);
  const to = readTarget(values.to, config);
  const from = placeOfConfig(config);
  if (to.name === from.name) throw new CommandFailure(`${to.name} is where the data is already.`, 2);
  keepPrivate();
  const show = values.json || !process.stderr.isTTY ? () => {} : showProgress();
  const begun = Date.now();
  const moved = await move(from, to, show);
  const facts = { from: from.name, to: to.name, seconds: Math.round((Date.now() - begun) / 100) / 10 };
  print(values.json ? JSON.stringify(listFacts(facts, moved)) : format(facts, moved, config, to).join('\n'));
}

async function move(from: Place, to: Place, progress: (progress: Progress) => void): Promise<Moved | null> {
  const source = await holdSource(from);
  try {
    const target = await holdTarget(to);
    try {
      return await moveData(source, target, { now: Date.now, makeId: randomUUID, progress });
    } finally {
      await target.held.close();
    }
  } catch (error) {
    throw error instanceof MoveRefused ? new CommandFailure(`${error.message}.`) : error;
  } finally {
    await source.held.close();
  }
}

const SQLITE = 'sqlite:';

function readTarget(to: string | undefined, { dataDir }: Config): Place {
  if (to === undefined) throw new CommandFailure(`paycore move needs --to.\n${usage}`, 2);
  const file = to.startsWith(SQLITE) ? to.slice(SQLITE.length) : to;
  if (to === SQLITE) return placeOfConfig({ databaseUrl: null, dataDir });
  if (to.startsWith(SQLITE) || /\.db$/.test(file) || isFolder(file)) return placeOfFile(file);
  try {
    return placeOfConfig({ databaseUrl: parseDatabaseUrl(to), dataDir });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new CommandFailure(`--to ${error.message}, or sqlite:, or a file that ends in .db.`, 2);
  }
}

function placeOfFile(file: string): Place {
  const path = resolve(isFolder(file) ? join(file, 'paycore.db') : file);
  return { kind: 'sqlite', name: path, path };
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** One line that is written over and over. */
function showProgress(): (progress: Progress) => void {
  return ({ step, table, done, all }) => {
    const line = `${step} ${table}: ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`;
    process.stderr.write(`\r\x1b[K${line}${step === 'comparing' && done === all ? '\r\x1b[K' : ''}`);
  };
}

interface Facts {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

const LEFT = LEFT_BEHIND.map(labelOf);

function listFacts(facts: Facts, moved: Moved | null): object {
  if (!moved) return { ...facts, begun: 'finished' };
  const { begun, rows, folded, aside, masterKeyId, tables, sums, checks, broken } = moved;
  return {
    ...{ ...facts, begun, rows, folded, set_aside: aside, master_key_id: masterKeyId },
    tables: Object.fromEntries(tables.map((one) => [one.table, one.rows])),
    replaced: Object.fromEntries(tables.filter((one) => one.replaced > 0).map((one) => [one.table, one.replaced])),
    ...{ paid: sums, checks, broken, not_carried: LEFT },
  };
}

const BEGUN = {
  new: '',
  resumed: ' It went on where it had been broken off.',
  anew: ' It was begun once more: the data had been worked on since it was broken off.',
} as const;

function format({ from, to, seconds }: Facts, moved: Moved | null, config: Config, place: Place): readonly string[] {
  const next = describeNext(from, to, place);
  if (!moved) return [`moved       ${from} to ${to}: only the last step had been left to do`, ...next];
  const { tables, sums, begun, broken } = moved;
  const count = (value: number) => value.toLocaleString('en');
  const replaced = tables.filter((one) => one.replaced > 0);
  return [
    `moved       ${count(moved.rows)} rows of ${tables.length} tables from ${from} to ${to} in ${seconds} s.${BEGUN[begun]}`,
    ...tables
      .filter(({ rows }) => rows > 0)
      .map(({ table, rows }) => `  ${table.padEnd(22)}${count(rows).padStart(12)}`),
    'compared    every row of both, and all are equal',
    ...replaced.map(
      (one) => `            but for the sign U+0000 in ${one.replaced} texts of ${one.table}: U+FFFD here`,
    ),
    ...sums.map(
      (one) =>
        `paid        ${one.currency}: ${count(one.payments)} payments, ${count(one.amount)} minor units, ${count(one.refunded)} of them paid back`,
    ),
    broken.length === 0
      ? `checked     ${moved.checks} rules hold`
      : `checked     it breaks ${broken.join(', ')}, as it did before: see paycore doctor`,
    ...(moved.folded > 0 ? [`figures     ${count(moved.folded)} changes that waited were added to them`] : []),
    ...(moved.aside === null ? [] : [`set aside   what was moved away from there before is now ${moved.aside}`]),
    `left        ${LEFT.join(', ')}: of running processes, made anew by them`,
    ...describeKey(moved.masterKeyId, config),
    ...next,
  ];
}

function describeKey(id: string | null, { masterKey, dataDir }: Config): readonly string[] {
  if (id === null) return [];
  const [where, how] = masterKey
    ? ['the value of PAYCORE_MASTER_KEY', 'PAYCORE_MASTER_KEY as it is here']
    : [resolve(masterKeyPathOf(dataDir)), `PAYCORE_MASTER_KEY="$(cat ${resolve(masterKeyPathOf(dataDir))})"`];
  return [
    `master key  id ${id}, ${where}: the new place is read with the same, on every node: ${how};`,
    '            a node with another key does not start',
  ];
}

function describeNext(from: string, to: string, { kind }: Place): readonly string[] {
  const start =
    kind === 'postgres'
      ? `set PAYCORE_DATABASE_URL to ${to} (with its password) and start paycore serve, on one node or several`
      : `unset PAYCORE_DATABASE_URL, set PAYCORE_DATA_DIR to the folder of ${to}, with its master.key, and start paycore serve`;
  return [
    `next        ${start}`,
    `old place   ${from} stays as it was and is not served any more; keep it as a backup`,
  ];
}
