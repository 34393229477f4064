import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { acquireLock } from '../../../src/store/engines/sqlite-lock.ts';
import { dropMark, readMarks, writeMark } from '../../../src/store/move/marks.ts';
import { CARRIED, LEFT_BEHIND } from '../../../src/store/move/tables.ts';
import { tables } from '../../../src/store/schema/sqlite/index.ts';
import { findRows, insertRows } from '../../../src/store/table.ts';
import { dropPlace, makeEmptyPlace, openDatabaseAt, SERVER_URL } from '../../support/engines.ts';
import { fillLedger } from '../../support/ledger.ts';
import { compareFiles } from '../../support/moved-files.ts';
import { holdPlace, move } from '../../support/moving.ts';
import { rejection } from '../../support/parts.ts';
import { addProject, openPayment } from '../../support/payments.ts';
import { attachTestStore, makeFolder, type TestFolder } from '../../support/store.ts';

/** All data goes from one database to another. */

let folder: TestFolder;
let from = '';
let to = '';
const places: string[] = [];

/** A folder of its own for each file: what a server locks lies beside it. */
function fileIn(name: string): string {
  mkdirSync(folder.file(name), { recursive: true });
  return `${folder.file(name)}/paycore.db`;
}

async function postgres(): Promise<string> {
  const place = await makeEmptyPlace('postgres', '');
  places.push(place);
  return place;
}

beforeEach(async () => {
  folder = makeFolder();
  [from, to] = [fileIn('from'), fileIn('to')];
  await using t = await attachTestStore(from, 'move');
  await t.tamper.hurryCommits();
  await fillLedger(t);
});

afterEach(async () => {
  await Promise.all(places.splice(0).map(dropPlace));
  folder[Symbol.dispose]();
});

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.run(sql);
  db.close(true);
}

async function marksOf(place: string) {
  const { engine } = await openDatabaseAt(place);
  try {
    return await readMarks(engine.reader);
  } finally {
    await engine.close();
  }
}

/** Breaks it off after the next commit. */
function breakOff({ step }: { readonly step: string }): void {
  if (step === 'copying') throw new Error('broken off');
}

async function insert(place: string, name: 'paymentSequences', row: { day: string; last: number }): Promise<void> {
  const { engine } = await openDatabaseAt(place);
  await engine.write((tx) => insertRows(tx, name, [row]));
  await engine.close();
}

const EXTRA = { day: '20300101', last: 7 };

describe('what is moved', () => {
  test('is every table but those of running processes, each after those that it refers to', () => {
    const names = CARRIED.map(({ name }) => name);
    expect([...names, ...LEFT_BEHIND].sort()).toEqual(Object.keys(tables).sort() as never);
    const inOrder = ['projects', 'credentials', 'payments', 'attempts', 'refunds'] as const;
    const at = inOrder.map((name) => names.indexOf(name));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(CARRIED.filter(({ key }) => key.length === 0 || key.includes(''))).toEqual([]);
  });

  test('is as it was to the letter: odd JSON, bytes, signs of any kind', async () => {
    change(
      from,
      `UPDATE payments SET order_data = '{ "b":1.0, "2":2, "1":1,  "b":"' || char(8232) || '"}' WHERE id = 1`,
    );
    change(from, `UPDATE events SET body = x'00ff80', digest = x'0001' WHERE id = 1`);
    change(from, `UPDATE outbox SET last_answer = 'a' || char(0) || '\u{1f600}', about = char(1114111) WHERE id = 1`);
    const moved = await move(from, to);
    expect(moved).toMatchObject({ begun: 'new', aside: null });
    expect(compareFiles(from, to).differences).toEqual([]);
    expect(moved?.rows).toBe(compareFiles(from, to).rows);
    expect(moved?.sums).toEqual([{ currency: 'TWD', payments: 2, amount: 196_000, refunded: 15_000 }]);
  });
});

describe('a move that is broken off', () => {
  test('goes on where it was, after whichever commit that happened, and no row comes twice', async () => {
    const seen: string[] = [];
    let moved: Awaited<ReturnType<typeof move>> = null;
    while (!moved) {
      moved = await move(from, to, breakOff).catch(async (error: Error) => {
        expect(error.message).toBe('broken off');
        const [left, come] = [await marksOf(from), await marksOf(to)];
        expect(come.moving_from?.id).toBe(left.moving_to?.id as string);
        seen.push(come.moving_from?.table ?? '');
        return null;
      });
      expect(seen.length).toBeLessThan(100);
    }
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen.length).toBeGreaterThan(8);
    expect(moved.begun).toBe('resumed');
    expect(compareFiles(from, to).differences).toEqual([]);
  });

  test('begins anew where somebody has worked on the data since', async () => {
    await rejection(move(from, to, breakOff));
    const { engine } = await openDatabaseAt(from);
    await engine.write((tx) => dropMark(tx, 'moving_to'));
    await engine.close();
    change(from, "UPDATE projects SET name = 'renamed' WHERE id = 1");
    expect(await move(from, to)).toMatchObject({ begun: 'anew' });
    expect(compareFiles(from, to).differences).toEqual([]);
  });

  test('is not mixed with other data', async () => {
    await rejection(move(from, to, breakOff));
    const other = fileIn('other');
    await using t = await attachTestStore(other, 'other');
    await fillLedger(t);
    const before = await marksOf(to);
    expect(String(await rejection(move(other, to)))).toContain(`holds half of a move from ${from}`);
    expect(await marksOf(to)).toEqual(before);
    expect(String(await rejection(move(to, fileIn('third'))))).toContain(`holds half of a move from ${from}`);
  });

  test('between its last two steps is finished by the same command', async () => {
    await move(from, to);
    const { moved_to } = await marksOf(from);
    const { engine } = await openDatabaseAt(to);
    const mark = { id: moved_to?.id ?? '', from, keyId: null, table: null, after: null };
    await engine.write((tx) => writeMark(tx, 'moving_from', mark));
    await engine.close();
    expect(await move(from, to)).toBeNull();
    expect(await marksOf(to)).toEqual({ moving_to: null, moved_to: null, moving_from: null });
  });

  test('between its last two steps is begun anew where the new place has lost something since', async () => {
    await move(from, to);
    const { moved_to } = await marksOf(from);
    const { engine } = await openDatabaseAt(to);
    const mark = { id: moved_to?.id ?? '', from, keyId: null, table: null, after: null };
    await engine.write((tx) => writeMark(tx, 'moving_from', mark));
    await engine.close();
    change(to, 'DELETE FROM search_terms');
    expect(String(await rejection(move(from, to)))).toContain(`${from} counts as before: run the same command again`);
    expect((await marksOf(from)).moved_to).toBeNull();
    expect((await marksOf(to)).moving_from?.id).toBe(mark.id);
    expect(await move(from, to)).toMatchObject({ begun: 'anew' });
    expect(compareFiles(from, to).differences).toEqual([]);
  });
});

describe('a copy that differs', () => {
  test.each([
    [
      'another value',
      'UPDATE payments SET amount = amount + 1 WHERE id = 2',
      'payments in 1 rows (payments [2]: another amount)',
    ],
    ['a row less', 'DELETE FROM search_terms', 'search_terms in 2 rows'],
    [
      'a row more',
      "INSERT INTO settings VALUES ('more', '1')",
      'settings in 1 rows (settings ["more"]: only in the target)',
    ],
  ])('by %s does not count: nothing is marked as moved, and it is begun anew', async (_, sql, why) => {
    let isChanged = false;
    const tampering = ({ step }: { readonly step: string }) => {
      if (step === 'comparing' && !isChanged) change(to, sql);
      isChanged ||= step === 'comparing';
    };
    expect(String(await rejection(move(from, to, tampering)))).toContain(why);
    expect((await marksOf(from)).moved_to).toBeNull();
    expect((await marksOf(to)).moving_from?.id).toBe('');
    expect(await move(from, to)).toMatchObject({ begun: 'anew' });
    expect(compareFiles(from, to).differences).toEqual([]);
  });
});

describe('what stands at the target', () => {
  test('is left alone when it is anything else', async () => {
    await insert(to, 'paymentSequences', EXTRA);
    expect(String(await rejection(move(from, to)))).toContain('is not empty');
    const foreign = fileIn('foreign');
    change(foreign, 'CREATE TABLE settings (x); CREATE TABLE own (y)');
    expect(String(await rejection(move(from, foreign)))).toContain('is not empty (2 tables');
    const newer = fileIn('newer');
    copyFileSync(from, newer);
    change(newer, 'PRAGMA user_version = 999');
    expect(String(await rejection(move(from, newer)))).toContain('is not empty');
    expect(String(await rejection(move(newer, to)))).toContain('has schema 999');
    expect((await marksOf(from)).moving_to).toBeNull();
  });

  test('is put aside when it is an old copy of a file, from when the data was there before', async () => {
    await move(from, to);
    await insert(to, 'paymentSequences', EXTRA);
    const back = await move(to, from);
    expect(back).toMatchObject({ begun: 'new' });
    const aside = back?.aside ?? '';
    expect(readdirSync(`${dirname(from)}/backups`)).toHaveLength(1);
    expect(compareFiles(to, from).differences).toEqual([]);
    expect(compareFiles(aside, from).differences).toHaveLength(1);
    expect((await marksOf(aside)).moved_to?.to).toBe(to);
    expect(await marksOf(from)).toEqual({ moving_to: null, moved_to: null, moving_from: null });
  });

  test('is closed, or half of a move, at every moment until an old copy is replaced', async () => {
    await move(from, to);
    const closed = await marksOf(from);
    expect(closed.moved_to?.to).toBe(to);
    const brokenOff = () => Promise.reject(new Error('broken off'));
    expect(String(await rejection(move(to, from, () => {}, { source: { open: brokenOff } })))).toContain('broken off');
    expect(await marksOf(from)).toEqual(closed);
    expect(existsSync(`${dirname(from)}/backups`)).toBeFalse();

    writeFileSync(`${dirname(from)}/backups`, 'no folder');
    await rejection(move(to, from));
    expect(await marksOf(from)).toEqual(closed);
    rmSync(`${dirname(from)}/backups`);

    expect(String(await rejection(move(to, from, () => {}, { target: { open: brokenOff } })))).toContain('broken off');
    expect((await marksOf(from)).moving_from).toMatchObject({ from: to, table: null });
    expect(readdirSync(dirname(from)).sort()).toEqual(['backups', 'commands.lock', 'paycore.db', 'serve.lock']);
    expect(await move(to, from)).toMatchObject({ begun: 'anew', aside: null });
    expect(compareFiles(to, from).differences).toEqual([]);
    expect(readdirSync(`${dirname(from)}/backups`)).toHaveLength(1);
  });

  test('is not put aside under somebody who reads it', async () => {
    await move(from, to);
    const reader = new Database(from, { readonly: true });
    reader.query('SELECT count(*) FROM settings').get();
    expect(String(await rejection(move(to, from)))).toContain(`another program has ${from} open`);
    reader.close(true);
    expect((await move(to, from))?.aside).not.toBeNull();
  });

  test('leaves no empty file behind when nothing could be moved', async () => {
    const blank = fileIn('blank');
    change(blank, 'PRAGMA user_version = 0');
    expect(String(await rejection(move(blank, to)))).toContain('nothing to move');
    expect(existsSync(to)).toBeFalse();
  });
});

describe('while data is moved', () => {
  test('no server starts at either end, and no command writes', async () => {
    const refused: unknown[] = [];
    await move(from, to, () => {
      for (const file of [from, to]) refused.push(acquireLock(`${dirname(file)}/serve.lock`));
      const db = new Database(from);
      db.run('PRAGMA busy_timeout = 0');
      expect(() => db.run("INSERT INTO settings VALUES ('x', 'y')")).toThrow('locked');
      db.close(true);
    });
    expect(refused.length).toBeGreaterThan(2);
    expect(refused.filter((one) => one !== null)).toEqual([]);
    for (const file of [from, to]) acquireLock(`${dirname(file)}/serve.lock`)?.release();
  });

  test('it does not begin under a server', async () => {
    const lock = acquireLock(`${dirname(from)}/serve.lock`);
    expect(await holdPlace(from)).toBeNull();
    lock?.release();
  });
});

if (SERVER_URL === null) console.log('not checked: PAYCORE_TEST_DATABASE_URL names no PostgreSQL server');

describe.skipIf(SERVER_URL === null)('to PostgreSQL and back', () => {
  test('every row is the same, schemas are right, and new rows come behind the old ones', async () => {
    const place = await postgres();
    const known = await move(from, place);
    expect(known).toMatchObject({ begun: 'new', broken: [] });
    expect(known?.checks).toBeGreaterThan(40);
    expect(await move(place, to)).toMatchObject({ begun: 'new', broken: [], rows: known?.rows });
    expect(compareFiles(from, to).differences).toEqual([]);
    expect((await marksOf(place)).moved_to?.to).toBe(to);
    expect(String(await rejection(move(to, place)))).toContain('holds an old copy');

    await using there = await attachTestStore(place, 'there');
    const idsOf = async () => (await findRows(there.engine.reader, 'payments', {})).map(({ id }) => id);
    const before = await idsOf();
    await openPayment(there, await addProject(there, 'new'), { merchantOrderNo: 'NEW' });
    expect((await idsOf()).filter((id) => !before.includes(id))).toEqual([Math.max(...before) + 1]);
  });

  test('the sign that PostgreSQL cannot hold is counted, and nothing else passes for equal', async () => {
    change(from, `UPDATE outbox SET last_answer = 'a' || char(0) || 'b' WHERE id = 1`);
    const moved = await move(from, await postgres());
    expect(moved?.tables.filter(({ replaced }) => replaced > 0)).toEqual([
      { table: 'outbox', rows: 5, replaced: 1, differences: 0, examples: [] },
    ]);
  });

  test('changes of figures that waited are added to them', async () => {
    const place = await postgres();
    await move(from, place);
    const { engine } = await openDatabaseAt(place);
    const [count] = await findRows(engine.reader, 'paymentCounts', { status: 'pending' });
    if (!count) throw new Error('no payment is pending');
    const { projectId, keyKind, livemode, status } = count;
    await engine.write(async (tx) => {
      const group = { figure: 'outcome_counts', projectId, keyKind, livemode, status, quarter: 1 };
      await insertRows(
        tx,
        'figureDeltas',
        [2, 3].map((by) => ({ ...group, count: by, amount: 0 })),
      );
    });
    await engine.close();
    // Figures that are not those of the payments, at both ends: the move has not made them.
    expect(await move(place, to)).toMatchObject({ folded: 2, broken: ['counts_differ', 'outcomes_differ'] });
    const after = await openDatabaseAt(to);
    const [moved] = await findRows(after.engine.reader, 'paymentCounts', { projectId, keyKind, livemode, status });
    expect(moved?.count).toBe(count.count + 5);
    await after.engine.close();
  });
});
