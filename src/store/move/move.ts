import type { Engine } from '../engines/engine.ts';
import type { Migration } from '../migrations.ts';
import { copyRows } from './copy.ts';
import { foldWaiting } from './fold.ts';
import { CopyDiffers, type Held, MoveRefused } from './held.ts';
import { type Coming, dropMark, halfOf, type Leaving, writeMark } from './marks.ts';
import { lookForMarks, lookInto, requireSourceSchema, requireTarget } from './place.ts';
import { emptyTable } from './rows.ts';
import { CARRIED, labelOf } from './tables.ts';
import { type Verified, verify } from './verify.ts';

/**
 * Moves all data from one database to another: copied in steps that each count or not, compared, and only then is the new
 * place open and the old one closed. Broken off at any moment, it is called again and goes on.
 */

/** One end of a move. */
export interface End {
  readonly held: Held;
  /** As a person knows it; without secrets, since the other end remembers it. */
  readonly name: string;
  /** Of its engine. */
  readonly migrations: readonly Migration[];
}

export interface MoveParts {
  readonly now: () => number;
  readonly makeId: () => string;
  readonly progress: (progress: Progress) => void;
}

export interface Progress {
  readonly step: 'copying' | 'comparing';
  readonly table: string;
  readonly done: number;
  readonly all: number;
}

/** How it was begun: with nothing there, where it was broken off, or once more from the start since the source had changed. */
export type Begun = 'new' | 'resumed' | 'anew';

export interface Moved extends Verified {
  readonly begun: Begun;
  readonly rows: number;
  /** Where a file is now that was in the place of the target, with data that had been moved away from there. */
  readonly aside: string | null;
  /** Changes of figures that were added to them before. */
  readonly folded: number;
  /** Which master key the data is encrypted with; null: nothing is. */
  readonly masterKeyId: string | null;
}

/** Throws MoveRefused: one line, and no end is worse off than before. Null: only the last step was left to do. */
export async function moveData(source: End, target: End, parts: MoveParts): Promise<Moved | null> {
  const from = await lookInto(source.held);
  const to = await lookInto(target.held);
  requireSourceSchema(from, source.migrations, source.name);
  const { moved_to, moving_from } = from.marks;
  if (moving_from) throw new MoveRefused(halfOf(source.name, moving_from));
  if (moved_to) {
    if (to.marks.moving_from?.id !== moved_to.id) {
      throw new MoveRefused(`the data that was in ${source.name} was moved to ${moved_to.to}: move it from there`);
    }
    await finishLate(source, target, moved_to, parts);
    return null;
  }
  // An old copy, from when the data was there before; it stays where it is until the source has shown that it can be read.
  const setAside = to.marks.moved_to && target.held.setAside;
  if (!setAside) requireTarget(to, target.migrations, target.name);
  const known = await readMasterKeyId(source.held);
  const reader = await source.held.open(source.migrations);
  const folded = await foldWaiting(reader);
  const blank = JSON.stringify(comingFrom(source, known, NO_MOVE));
  const aside = setAside ? await setAside(stampOf(parts.now()), target.migrations, ['moving_from', blank]) : null;
  const writer = await target.held.open(target.migrations);
  const ends = { source, target, reader, writer };
  const { begun, coming } = await begin(ends, known, parts);
  await source.held.freeze();
  if ((await lookForMarks(source.held)).moving_to?.id !== coming.id) {
    throw new MoveRefused(`somebody began to work on ${source.name}: stop that, then run the same command again`);
  }
  await copy(ends, coming, parts);
  const verified = await compare(ends, coming, parts);
  await finish(ends, coming, parts);
  const rows = verified.tables.reduce((sum, one) => sum + one.rows, 0);
  return { ...verified, begun: aside === null ? begun : 'new', rows, folded, aside, masterKeyId: known };
}

/** Of a target that no copy has begun in, or whose copy counts for nothing: it is begun anew. */
const NO_MOVE = '';

const comingFrom = ({ name }: End, keyId: string | null, id: string): Coming => ({
  ...{ id, from: name, keyId, table: null, after: null },
});

const stampOf = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

interface Ends {
  readonly source: End;
  readonly target: End;
  readonly reader: Engine;
  readonly writer: Engine;
}

async function readMasterKeyId({ inspector }: Held): Promise<string | null> {
  const [row] = await inspector.all<{ value: string }>("SELECT value FROM settings WHERE name = 'master_key_id'");
  return row?.value ?? null;
}

/** Both ends are marked before anything is copied: what is half there cannot be served, nor mixed with other data. */
async function begin(
  { source, target, reader, writer }: Ends,
  keyId: string | null,
  { now, makeId }: MoveParts,
): Promise<{ begun: Begun; coming: Coming }> {
  const found = (await lookForMarks(target.held)).moving_from;
  const left = (await lookForMarks(source.held)).moving_to;
  if (found && found.id === left?.id) return { begun: 'resumed', coming: found };
  if (found && (found.from !== source.name || found.keyId !== keyId)) {
    throw new MoveRefused(halfOf(target.name, found));
  }
  const coming = comingFrom(source, keyId, makeId());
  await reader.write((tx) => writeMark(tx, 'moving_to', { id: coming.id, to: target.name, at: now() }));
  await writer.write(async (tx) => {
    for (const table of found ? [...CARRIED].reverse() : []) await emptyTable(tx, table);
    await writeMark(tx, 'moving_from', coming);
  });
  return { begun: found ? 'anew' : 'new', coming };
}

async function copy({ source, target, reader, writer }: Ends, coming: Coming, { progress }: MoveParts): Promise<void> {
  const all = await countRows(source.held);
  let done = await countRows(target.held);
  await copyRows(reader.reader, writer, coming, async ({ label }, rows) => {
    done += rows;
    progress({ step: 'copying', table: label, done, all });
    await Promise.all([source.held.requireHeld(), target.held.requireHeld()]);
  });
  await target.held.settle();
}

async function countRows({ inspector }: Held): Promise<number> {
  const counts = CARRIED.map(({ label }) => `(SELECT count(*) FROM ${label})`);
  const [row] = await inspector.all<{ found: unknown }>(`SELECT ${counts.join(' + ')} AS found`);
  return Number(row?.found ?? 0);
}

/** A copy that is not the same is none: it is begun anew the next time. */
async function compare(
  { source, target, reader, writer }: Ends,
  coming: Coming,
  { progress }: MoveParts,
): Promise<Verified> {
  try {
    await requireFolded(source);
    return await verifyEnds({ source, target, reader, writer }, progress);
  } catch (error) {
    if (error instanceof CopyDiffers)
      await writer.write((tx) => writeMark(tx, 'moving_from', { ...coming, id: NO_MOVE }));
    throw error;
  }
}

function verifyEnds({ source, target, reader, writer }: Ends, progress: MoveParts['progress']): Promise<Verified> {
  let done = 0;
  return verify(
    { held: source.held, reader: reader.reader },
    { held: target.held, reader: writer.reader },
    ({ label }) => progress({ step: 'comparing', table: label, done: ++done, all: CARRIED.length }),
  );
}

async function requireFolded({ held, name }: End): Promise<void> {
  const rows = await held.inspector.all(`SELECT id FROM ${labelOf('figureDeltas')} LIMIT 1`);
  if (rows.length > 0) throw new MoveRefused(`somebody works on ${name}: changes of its figures came in meanwhile`);
}

/** The old place is closed before the new one opens: in between neither is. */
async function finish({ source, target, writer }: Ends, { id }: Coming, { now }: MoveParts): Promise<void> {
  await target.held.requireHeld();
  await source.held.finish(['moved_to', JSON.stringify({ id, to: target.name, at: now() })], 'moving_to');
  await openTo(writer);
}

/**
 * The old place is closed already, and the new one has never been open. What was written into that may have been lost since,
 * with its machine: then the old one, which still has everything, counts again.
 */
async function finishLate(source: End, target: End, closed: Leaving, { makeId, progress }: MoveParts): Promise<void> {
  const reader = await source.held.open(source.migrations);
  const writer = await target.held.open(target.migrations);
  await source.held.freeze();
  try {
    await verifyEnds({ source, target, reader, writer }, progress);
  } catch (error) {
    if (!(error instanceof CopyDiffers)) throw error;
    await source.held.finish(['moving_to', JSON.stringify({ ...closed, id: makeId() })], 'moved_to');
    throw new CopyDiffers(`${error.message}; ${source.name} counts as before: run the same command again`);
  }
  await openTo(writer);
}

async function openTo(engine: Engine): Promise<void> {
  await engine.write((tx) => dropMark(tx, 'moving_from'));
}
