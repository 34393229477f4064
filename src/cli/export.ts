import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { deskLocaleOf } from '../core/locale.ts';
import { readDays } from '../payments/reports/desk-query.ts';
import { columnNames } from '../payments/reports/export/names.ts';
import { exportSheet, type Sheet } from '../payments/reports/export/sheets.ts';
import { type Call, flag, type Print, requireProject, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore export payments [--from DAY] [--to DAY] [--project NAME] [--csv FILE|-]   payments made in those days
paycore export books [the same]                         what was paid in them, with fee, net and refunds
paycore export refunds [the same]                       refunds made in them
    --from 2026-06-01 --to 2026-06-30 in PAYCORE_TIMEZONE, both included; --csv - (the default) writes to the terminal
    --test for test payments; --spreadsheet names columns in PAYCORE_LOCALE and keeps digits from being taken for numbers`;

const OPTIONS = { from: text, to: text, csv: text, test: flag, spreadsheet: flag } as const;
type ExportCall = Call<typeof OPTIONS>;

/** Lists of the desk as CSV files. */
export function run(args: readonly string[], print: Print): Promise<void> {
  const actions = {
    payments: (call: ExportCall) => write(call, (asked) => ({ of: 'payments', asked: { ...asked, search: null } })),
    books: (call: ExportCall) =>
      write(call, ({ filter: { from = 0, to = Number.MAX_SAFE_INTEGER }, ...scope }) => ({
        of: 'books',
        asked: { ...scope, from, to },
      })),
    refunds: (call: ExportCall) => write(call, (asked) => ({ of: 'refunds', asked })),
  };
  return runCommand({ name: 'export', usage, options: OPTIONS, actions }, args, print);
}

interface Asked extends Pick<Extract<Sheet, { readonly of: 'refunds' }>['asked'], 'projectId' | 'keyKind'> {
  readonly filter: { readonly from?: number; readonly to?: number };
}

async function write(call: ExportCall, sheetOf: (asked: Asked) => Sheet): Promise<void> {
  const { deps, flags, tell } = call;
  const { timezone: zone, locale } = deps.config;
  const projectId = flags.project === undefined ? null : (await requireProject(deps, flags.project)).id;
  const sheet = sheetOf({ projectId, keyKind: flags.test ? 'test' : 'live', filter: readRange(flags, zone) });
  const reader = flags.spreadsheet ? 'spreadsheet' : 'program';
  let rows = 0;
  const onRows = (count: number) => {
    rows += count;
  };
  const pieces = exportSheet(deps, sheet, { reader, zone, nameOf: columnNames(reader, deskLocaleOf(locale)), onRows });
  const name = flags.csv ?? '-';
  if (name === '-') return writeOut(pieces);
  const file = resolve(name);
  await writeFile(pieces, file);
  tell({ file, rows }, [`${rows} rows in ${file}`]);
}

function readRange(flags: ExportCall['flags'], zone: string): Asked['filter'] {
  const given = Object.entries({ from: flags.from, to: flags.to }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const { filter, wrong } = readDays(new URLSearchParams(given), zone);
  for (const [name, what] of Object.entries(wrong)) {
    const day = name === 'from' ? flags.from : flags.to;
    const expected = what === 'turned' ? `the day of --from, ${flags.from}, or a later one` : 'a day, e.g. 2026-06-30';
    throw new CommandFailure(`--${name} must be ${expected}, not "${day}".`, 2);
  }
  return filter;
}

/** Whoever reads may have had enough: that is no failure. */
async function writeOut(pieces: AsyncGenerator<string>): Promise<void> {
  try {
    for await (const piece of pieces) await Bun.write(Bun.stdout, piece);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EPIPE') throw error;
  }
}

/** Written beside and then renamed: a part must not pass for the whole. Buyers' names stand in it: it is its owner's alone. */
async function writeFile(pieces: AsyncGenerator<string>, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      for await (const piece of pieces) await handle.write(piece);
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new CommandFailure(`${file} could not be written: ${(cause as Error).message}`);
  }
}
