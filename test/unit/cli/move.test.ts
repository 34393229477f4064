import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { openInspector } from '../../../src/cli/inspect.ts';
import { run } from '../../../src/cli/move.ts';
import { holdSource, placeOfConfig } from '../../../src/cli/move-places.ts';
import { leaveOf, lockPathOf, nameUrl, openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { openProgram } from '../../../src/cli/system.ts';
import { loadConfig } from '../../../src/program.ts';
import { acquireLock } from '../../../src/store/engines/sqlite-lock.ts';
import { type MarkName, type Marks, readMarks, writeMark } from '../../../src/store/move/marks.ts';
import { openDatabaseAt } from '../../support/engines.ts';
import { present, rejection } from '../../support/parts.ts';
import { makeFolder, type TestFolder } from '../../support/store.ts';

/** Whoever opens data looks whether it is all there, and not elsewhere. */

let folder: TestFolder;
let dataDir = '';
const config = () => loadConfig({ PAYCORE_DATA_DIR: dataDir });
const place = () => placeOfConfig(config());

beforeEach(async () => {
  folder = makeFolder();
  dataDir = folder.file('data');
  process.env.PAYCORE_DATA_DIR = dataDir;
  await (await openData(config(), SERVER_LEAVE)).store.close();
});

afterEach(() => {
  Reflect.deleteProperty(process.env, 'PAYCORE_DATA_DIR');
  folder[Symbol.dispose]();
});

async function mark<Name extends MarkName>(name: Name, value: NonNullable<Marks[Name]>): Promise<void> {
  const { engine } = await openDatabaseAt(`${dataDir}/paycore.db`);
  await engine.write((tx) => writeMark(tx, name, value));
  await engine.close();
}

async function marks(): Promise<Marks> {
  const { engine } = await openDatabaseAt(`${dataDir}/paycore.db`);
  const found = await readMarks(engine.reader);
  await engine.close();
  return found;
}

const leaving = { id: 'a', to: 'postgres://db.example/paycore', at: Date.parse('2026-06-22T04:00:00Z') };

async function refused(promise: Promise<unknown>): Promise<CommandFailure> {
  const error = await rejection(promise);
  if (!(error instanceof CommandFailure)) throw error;
  return error;
}

describe('data that is opened', () => {
  test('and was moved away is refused, with where it is and how it comes back', async () => {
    await mark('moved_to', leaving);
    const { message } = await refused(openData(config(), SERVER_LEAVE));
    expect(message).toBe(
      `the data that was in ${dataDir} was moved to postgres://db.example/paycore at 2026-06-22T12:00:00+08:00. ` +
        'Set PAYCORE_DATABASE_URL to postgres://db.example/paycore; what is here is old, and only paycore doctor and backups read it. ' +
        'To have it here again, move it back: paycore move, with the settings of the new place.',
    );
  });

  test('and is half of a move is refused', async () => {
    await mark('moving_from', { id: 'a', from: '/old/paycore.db', keyId: null, table: 'payments', after: [7] });
    expect((await refused(openData(config()))).message).toContain('holds half of a move from /old/paycore.db');
  });

  test('while it is moved is refused to commands, and what a move that was broken off has copied counts no more', async () => {
    await mark('moving_to', leaving);
    const { held } = await holdSource(place(), 0);
    const { message } = await refused(openProgram(config()));
    expect(message).toBe(`paycore move is at work on the data in ${dataDir}: wait until it is through.`);
    expect((await marks()).moving_to).toEqual(leaving);
    await held.close();
    await (await openData(config(), leaveOf(dataDir, 0))).store.close();
    expect((await marks()).moving_to).toBeNull();
  });

  test('by commands keeps a move away until the last of them has ended; they and a server run side by side', async () => {
    const server = present(acquireLock(lockPathOf(dataDir)));
    const commands = [await openProgram(config()), await openProgram(config())];
    server.release();
    for (const { deps } of commands) {
      expect((await refused((async () => holdSource(place(), 0))())).message).toBe(
        `a paycore command is still at work on ${dataDir}/paycore.db, one that waits for its input perhaps: ` +
          'end every paycore command but this one, then run this again.',
      );
      await deps.store.checkWritable();
      await deps.store.close();
    }
    await (await holdSource(place(), 0)).held.close();
  });

  test('and could not be used keeps no move away', async () => {
    await mark('moved_to', leaving);
    await refused(openProgram(config()));
    await (await holdSource(place(), 0)).held.close();
  });

  test('only to be looked at takes no lock, since nobody may be able to write there', async () => {
    const { store } = await openProgram(config()).then(({ deps }) => deps);
    await store.close();
    for (const name of ['commands.lock', 'serve.lock']) rmSync(`${dataDir}/${name}`, { force: true });
    const inspector = await openInspector(config());
    await inspector.close();
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });
});

describe('paycore move', () => {
  const called = async (...args: string[]) => {
    const { exitCode, message } = await refused(run(args, () => {}));
    return [exitCode, message];
  };

  test('says what --to takes, without repeating what may be a password', async () => {
    expect(await called()).toEqual([2, expect.stringContaining('paycore move needs --to')]);
    for (const to of ['mysql://paycore:very-secret@db/paycore', 'postgres://paycore:very-secret@db', 'paycore']) {
      const [code, message] = await called('--to', to);
      expect([code, message]).toEqual([2, expect.stringContaining('or sqlite:, or a file that ends in .db.')]);
      expect(message).not.toContain('very-secret');
    }
  });

  test('goes nowhere from a place to itself, by whatever name', async () => {
    for (const to of ['sqlite:', dataDir, `${dataDir}/paycore.db`, `sqlite:${dataDir}/./paycore.db`]) {
      expect(await called('--to', to)).toEqual([2, `${dataDir}/paycore.db is where the data is already.`]);
    }
  });

  test('moves from one folder to another, and tells a program what it did', async () => {
    const lines: string[] = [];
    const to = `${folder.file('new')}/paycore.db`;
    await run(['--to', to, '--json'], (line) => lines.push(line));
    expect(JSON.parse(lines.join(''))).toMatchObject({
      ...{ from: `${dataDir}/paycore.db`, to, begun: 'new', rows: 1, folded: 0, broken: [], replaced: {}, paid: [] },
      ...{ set_aside: null, master_key_id: expect.stringMatching(/^[0-9a-f]{16}$/), tables: { settings: 1 } },
    });
  });

  test('names an address without what is secret in it', () => {
    expect(nameUrl('postgres://paycore:p@ss@db.example:5432/paycore?sslpassword=x')).toBe(
      'postgres://db.example:5432/paycore',
    );
  });
});
