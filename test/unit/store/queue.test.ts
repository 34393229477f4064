import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { createDb, MAX_BATCH, openDatabase } from '../../../src/store/db.ts';
import { rejection } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

function openQueue() {
  const folder = makeFolder();
  const file = folder.file('queue.db');
  const database = openDatabase(file);
  database.run('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE) STRICT');
  const statements: string[] = [];
  const original = database.query.bind(database);
  database.query = ((sql: string) => {
    statements.push(sql);
    return original(sql);
  }) as typeof database.query;
  const db = createDb(database);
  const texts = () =>
    original<{ text: string }, []>('SELECT text FROM t ORDER BY id')
      .all()
      .map((row) => row.text.slice(0, 10));
  const add = (text: string) =>
    db.write((tx) => {
      tx.query('INSERT INTO t (text) VALUES (?)').run(text);
      return text;
    });
  const count = (sql: string) => statements.filter((one) => one === sql).length;
  return {
    database,
    db,
    file,
    texts,
    add,
    count,
    [Symbol.dispose]() {
      db.close();
      folder[Symbol.dispose]();
    },
  };
}

const fail = (): never => {
  throw new Error('no');
};

describe('the write queue', () => {
  test('writes that wait together are committed together, in the order they came', async () => {
    using queue = openQueue();
    const results = await Promise.all(['a', 'b', 'c'].map(queue.add));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(queue.texts()).toEqual(['a', 'b', 'c']);
    expect(queue.count('BEGIN IMMEDIATE')).toBe(1);
    expect(queue.count('COMMIT')).toBe(1);
  });

  test('more than one batch of writes takes more than one commit and loses none', async () => {
    using queue = openQueue();
    const names = Array.from({ length: MAX_BATCH * 2 + 1 }, (_, index) => `n${index}`);
    await Promise.all(names.map(queue.add));
    expect(queue.texts()).toEqual(names);
    expect(queue.count('COMMIT')).toBe(3);
  });

  test('a command is answered only after its commit: another connection sees the row', async () => {
    using queue = openQueue();
    const other = openDatabase(queue.file);
    await queue.add('seen');
    expect(other.query('SELECT text FROM t').all()).toEqual([{ text: 'seen' }]);
    other.close();
  });

  test('an error undoes the command that threw it and no other of its batch', async () => {
    using queue = openQueue();
    const before = queue.add('before');
    const broken = queue.db.write((tx) => {
      tx.query('INSERT INTO t (text) VALUES (?)').run('half');
      fail();
    });
    const after = queue.add('after');
    const [first, second, third] = await Promise.allSettled([before, broken, after]);
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(queue.texts()).toEqual(['before', 'after']);
    expect(queue.count('COMMIT')).toBe(1);
  });

  test('a broken constraint rejects with the error of SQLite, not as a failure of storage', async () => {
    using queue = openQueue();
    await queue.add('once');
    expect(await rejection(queue.add('once'))).toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' });
  });

  test('what a command throws, even nothing, reaches its caller', async () => {
    using queue = openQueue();
    const error = new PayCoreError('ORDER_CONFLICT');
    expect(
      await rejection(
        queue.db.write(() => {
          throw error;
        }),
      ),
    ).toBe(error);
    const silent = await Promise.allSettled([
      queue.db.write(() => {
        throw undefined;
      }),
    ]);
    expect(silent[0]?.status).toBe('rejected');
  });

  test('a command may answer undefined', async () => {
    using queue = openQueue();
    expect(await queue.db.write(() => undefined)).toBeUndefined();
  });

  test('a full disk rolls the whole batch back, every caller hears of it, and later writes work again', async () => {
    using queue = openQueue();
    await queue.add('kept');
    const pages = Number(Object.values(queue.database.query('PRAGMA page_count').get() as object)[0]);
    queue.database.run(`PRAGMA max_page_count = ${pages + 2}`);
    const outcomes = await Promise.allSettled([
      queue.add('small'),
      queue.db.write((tx) => {
        for (let at = 0; at < 50; at++) tx.query('INSERT INTO t (text) VALUES (?)').run(`${at} `.padEnd(3000, 'x'));
      }),
      queue.add('late'),
    ]);
    // Whatever each caller was told is what is on disk.
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected');
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    }
    expect(queue.texts()).toEqual(['kept']);
    expect(queue.database.inTransaction).toBe(false);
    queue.database.run('PRAGMA max_page_count = 1000000');
    await queue.add('again');
    expect(queue.texts()).toEqual(['kept', 'again']);
  });

  test('a database that another connection holds rejects with STORAGE_UNAVAILABLE', async () => {
    using queue = openQueue();
    queue.database.run('PRAGMA busy_timeout = 10');
    const other = openDatabase(queue.file);
    other.run('BEGIN IMMEDIATE');
    expect(await rejection(queue.add('blocked'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    other.run('ROLLBACK');
    other.close();
    await queue.add('free');
    expect(queue.texts()).toEqual(['free']);
  });

  test('beyond ten thousand waiting writes further ones are refused at once and the waiting ones still happen', async () => {
    using queue = openQueue();
    const waiting = Array.from({ length: 10_000 }, (_, index) => queue.db.write(() => index));
    expect(await rejection(queue.add('too many'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect((await Promise.all(waiting)).at(-1)).toBe(9999);
    expect(await queue.add('room again')).toBe('room again');
  });

  test('close writes what waits, then refuses, and may be called twice', async () => {
    using queue = openQueue();
    const waiting = Promise.all(Array.from({ length: MAX_BATCH + 1 }, (_, index) => queue.add(`w${index}`)));
    queue.db.close();
    await waiting;
    const other = openDatabase(queue.file);
    expect(other.query('SELECT count(*) AS n FROM t').get()).toEqual({ n: MAX_BATCH + 1 });
    other.close();
    expect(await rejection(queue.add('after'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    queue.db.close();
  });

  test('the connection waits for others, syncs every commit and keeps foreign keys', () => {
    using queue = openQueue();
    const pragma = (name: string) => Object.values(queue.database.query(`PRAGMA ${name}`).get() as object)[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBe(5000);
  });
});
