import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { inspectPostgres } from '../../../src/store/engines/postgres-inspect.ts';
import { connect, openPostgres } from '../../../src/store/engines/postgres-open.ts';
import { findRows, insertRows } from '../../../src/store/table.ts';
import { dropPlace, makePlace, migrationsOf, openDatabaseAt, SERVER_URL } from '../../support/engines.ts';
import { holdPlace, move } from '../../support/moving.ts';
import { rejection } from '../../support/parts.ts';
import { makeFolder, type TestFolder } from '../../support/store.ts';

/** A move away from PostgreSQL, and those who work there or would like to. */

const parts = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random };
let folder: TestFolder;
let place = '';
let to = '';

async function inspect<Row extends object>(place: string, sql: string): Promise<readonly Row[]> {
  const inspector = await inspectPostgres(place);
  try {
    return await inspector.all<Row>(sql);
  } finally {
    await inspector.close();
  }
}

/** As when the server falls. */
async function cutOff(place: string): Promise<void> {
  await inspect(
    place,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  for (let held = await holdPlace(place); ; held = await holdPlace(place)) if (held) return held.close();
}

const marksIn = async (place: string) =>
  (await inspect<{ name: string }>(place, "SELECT name FROM settings WHERE name LIKE 'mov%'")).map(({ name }) => name);

/** After the first commit. */
function breakOff({ step }: { readonly step: string }): void {
  if (step === 'copying') throw new Error('broken off');
}

describe.skipIf(SERVER_URL === null)('a database that is moved away', () => {
  beforeEach(async () => {
    folder = makeFolder();
    mkdirSync(folder.file('to'));
    to = `${folder.file('to')}/paycore.db`;
    place = await makePlace('postgres', '');
    const { engine } = await openDatabaseAt(place);
    await engine.write((tx) => insertRows(tx, 'paymentSequences', [{ day: '20300101', last: 7 }]));
    await engine.close();
  });

  afterEach(async () => {
    await dropPlace(place);
    folder[Symbol.dispose]();
  });

  test('nodes and a move keep each other out', async () => {
    const node = await openPostgres(place, migrationsOf('postgres'), parts);
    expect(await holdPlace(place)).toBeNull();
    await node.engine.close();
    const held = await holdPlace(place);
    expect(String(await rejection(openPostgres(place, migrationsOf('postgres'), parts)))).toContain('paycore move');
    await held?.close();
    await (await openPostgres(place, migrationsOf('postgres'), parts)).engine.close();
  });

  test('a move whose connection is lost does not go on', async () => {
    const held = await holdPlace(place);
    await held?.requireHeld();
    const other = await inspectPostgres(place);
    await other.all(`
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    await other.close();
    expect(String(await rejection(held?.requireHeld() ?? Promise.resolve()))).toContain('lost');
    await held?.close();
  });

  test('whatever the server is set to, each commit that counts is on its disk', async () => {
    const client = connect(place);
    await client.unsafe(`
      CREATE TABLE seen (synchronous text, name text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit'), NEW.name); RETURN NULL; END $$;
      CREATE TRIGGER see AFTER INSERT OR UPDATE ON settings FOR EACH ROW EXECUTE FUNCTION see()`);
    await move(`${place}?options=-c%20synchronous_commit%3Doff`, to);
    const seen = await client.unsafe('SELECT synchronous, name FROM seen ORDER BY name');
    expect(seen.map(({ name, synchronous }) => [name, synchronous])).toEqual([
      ['moved_to', 'on'],
      ['moving_to', 'on'],
    ]);
    await client.end();
  });

  test.each([
    ['went through ends', null],
    ['was broken off goes on, and what was copied counts no more', breakOff],
  ] as const)('a node that had lost its database while a move %s', async (_, progress) => {
    const { promise: isBack, resolve: comeBack } = Promise.withResolvers<void>();
    const { promise: unusable, resolve: onUnusable } = Promise.withResolvers<string>();
    const ports = { ...parts, sleep: () => isBack, onUnusable };
    const { engine: node } = await openPostgres(place, migrationsOf('postgres'), ports);
    await using _node = { [Symbol.asyncDispose]: () => node.close() };
    await findRows(node.reader, 'projects', {});
    await cutOff(place);
    await move(place, to, progress ?? undefined).catch(() => {});
    expect(await marksIn(place)).toEqual([progress === null ? 'moved_to' : 'moving_to']);
    comeBack();
    const written = node.write((tx) => insertRows(tx, 'paymentSequences', [{ day: '20300102', last: 7 }]));
    if (progress === null) {
      expect(await rejection(written)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(await unusable).toContain('the data is not here any more');
    } else {
      await written;
      expect(await marksIn(place)).toEqual([]);
    }
  });

  test('whoever writes past the locks waits until the move is over', async () => {
    const past = connect(place);
    await past.unsafe("SET lock_timeout = '50ms'");
    const tried: Promise<unknown>[] = [];
    await move(place, to, ({ step }) => {
      if (step === 'copying' && tried.length === 0)
        tried.push(rejection(past.unsafe("SET lock_timeout = '50ms'; DELETE FROM settings")));
    });
    expect(String(await tried[0])).toContain('lock timeout');
    await past.end();
  });
});
