import { describe, expect, test } from 'bun:test';
import { inspectPostgres } from '../../../src/store/engines/postgres-inspect.ts';
import { openPostgres } from '../../../src/store/engines/postgres-open.ts';
import { inspectSqlite } from '../../../src/store/engines/sqlite-inspect.ts';
import type { OpenedEngine } from '../../../src/store/engines/sqlite-open.ts';
import { openSqlite } from '../../../src/store/engines/sqlite-open.ts';
import { ALONE, type Leave, type Migration } from '../../../src/store/migrations.ts';
import { dropPlace, type EngineName, makePlace, migrationsOf, SERVER_URL } from '../../support/engines.ts';
import { rejection } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

/** A schema that a newer version wants to change while an older one works on it. */

const parts = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random };
const FURTHER: Migration = { name: '9999_more.sql', sql: 'CREATE TABLE more (x integer)' };
const newer = (engine: EngineName) => [...migrationsOf(engine), FURTHER];
const REFUSED: Leave = { ask: () => null, patienceMs: 0 };

async function versionOf(place: string): Promise<number> {
  const inspector = place.startsWith('postgres') ? await inspectPostgres(place) : inspectSqlite(place);
  const version = await inspector.readVersion();
  await inspector.close();
  return version;
}

describe('a newer version beside a server that runs', () => {
  test('on SQLite does not change the schema, and says what to do', async () => {
    using folder = makeFolder();
    const path = folder.file('x.db');
    const server = openSqlite(path, migrationsOf('sqlite'), null);
    const known = migrationsOf('sqlite').length;
    const open = () => openSqlite(path, newer('sqlite'), null, REFUSED);
    expect(open).toThrow(
      `has schema ${known}, this PayCore needs ${known + 1}, and a server runs on it. Stop that server`,
    );
    expect(await versionOf(path)).toBe(known);
    await server.engine.close();
    const after = openSqlite(path, newer('sqlite'), null, ALONE);
    expect(after.migrated).toBe(1);
    await after.engine.close();
  });

  test('asks nobody for leave where the schema is right', async () => {
    using folder = makeFolder();
    const path = folder.file('x.db');
    await openSqlite(path, migrationsOf('sqlite'), null).engine.close();
    await openSqlite(path, migrationsOf('sqlite'), null, REFUSED).engine.close();
  });

  test('that is given leave a moment later goes on then, and gives it back', async () => {
    using folder = makeFolder();
    const given: string[] = [];
    const ask = () => {
      given.push('asked');
      return given.length < 2 ? null : { release: () => given.push('given back') };
    };
    const opened = openSqlite(folder.file('x.db'), migrationsOf('sqlite'), null, { ask, patienceMs: 60_000 });
    expect([opened.migrated, given]).toEqual([migrationsOf('sqlite').length, ['asked', 'asked', 'given back']]);
    await opened.engine.close();
  });
});

describe.skipIf(SERVER_URL === null)('on PostgreSQL', () => {
  const openNew = (place: string, leave = ALONE): Promise<OpenedEngine> =>
    openPostgres(place, newer('postgres'), parts, leave);
  const known = migrationsOf('postgres').length;

  test('a newer version changes nothing while another node runs, wherever that is, and does so afterwards', async () => {
    const place = await makePlace('postgres', '');
    const nodes = await Promise.all([1, 2].map(() => openPostgres(place, migrationsOf('postgres'), parts)));
    for (const node of nodes) {
      expect(String(await rejection(openNew(place)))).toContain('and a server runs on it');
      expect(await versionOf(place)).toBe(known);
      await node.engine.close();
    }
    expect(String(await rejection(openNew(place, REFUSED)))).toContain('and a server runs on it');
    const after = await openNew(place);
    expect([after.migrated, await versionOf(place)]).toEqual([1, known + 1]);
    await after.engine.close();
    await dropPlace(place);
  });

  test('a node whose connection was cut takes its hold again', async () => {
    const place = await makePlace('postgres', '');
    const node = await openPostgres(place, migrationsOf('postgres'), { ...parts, sleep: () => Bun.sleep(0) });
    const inspector = await inspectPostgres(place);
    const holders = async () =>
      (
        await inspector.all<{ pid: number }>(
          "SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()",
        )
      ).map(({ pid }) => pid);
    const [before] = await holders();
    await inspector.all(`SELECT pg_terminate_backend(${before})`);
    let after = await holders();
    while (after.length === 0 || after.includes(before ?? 0)) after = await holders();
    expect(String(await rejection(openNew(place)))).toContain('and a server runs on it');
    await inspector.close();
    await node.engine.close();
    await dropPlace(place);
  });
});
