import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { MAX_BATCH } from '../../../src/store/engines/sqlite-queue.ts';
import { rejection } from '../../support/parts.ts';
import { insert, openQueue } from './queue-support.ts';

const fail = async (): Promise<never> => {
  throw new Error('no');
};

describe('the write queue', () => {
  test('commits writes that wait together together, in the order they came', async () => {
    await using queue = await openQueue();
    const results = await Promise.all(['a', 'b', 'c'].map(queue.add));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(await queue.names()).toEqual(['a', 'b', 'c']);
    expect([queue.count('BEGIN IMMEDIATE'), queue.count('COMMIT')]).toEqual([1, 1]);
    expect(queue.count('SAVEPOINT command')).toBe(0);
  });

  test('takes more than one commit for more than one batch of writes, and loses none', async () => {
    await using queue = await openQueue();
    const names = Array.from({ length: MAX_BATCH * 2 + 1 }, (_, index) => `n${index}`);
    await Promise.all(names.map(queue.add));
    expect(await queue.names()).toEqual(names);
    expect([queue.count('BEGIN IMMEDIATE'), queue.count('COMMIT')]).toEqual([3, 3]);
  });

  test('answers a command only after its commit: another connection sees the row', async () => {
    await using queue = await openQueue();
    const other = openWriter(queue.path);
    await queue.add('seen');
    expect(other.query('SELECT name FROM projects').all()).toEqual([{ name: 'seen' }]);
    other.close();
  });

  test('gives each command what the ones before it have written', async () => {
    await using queue = await openQueue();
    const [, seen] = await Promise.all([queue.add('a'), queue.engine.write(queue.listIn), queue.add('b')]);
    expect(seen).toEqual(['a']);
  });

  test('lets a command answer undefined', async () => {
    await using queue = await openQueue();
    expect(await queue.engine.write(async () => undefined)).toBeUndefined();
  });

  test('refuses further writes beyond ten thousand waiting ones at once, and those still happen', async () => {
    await using queue = await openQueue();
    const waiting = Array.from({ length: 10_000 }, (_, index) => queue.engine.write(async () => index));
    expect(await rejection(queue.add('too many'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect((await Promise.all(waiting)).at(-1)).toBe(9999);
    expect(await queue.add('room again')).toBe('room again');
  });

  test('writes what waits when it is closed, then refuses, and may be closed twice', async () => {
    await using queue = await openQueue();
    const waiting = Promise.all(Array.from({ length: MAX_BATCH + 1 }, (_, index) => queue.add(`w${index}`)));
    await queue.engine.close();
    await waiting;
    const other = openWriter(queue.path);
    expect(other.query('SELECT count(*) AS n FROM projects').get()).toEqual({ n: MAX_BATCH + 1 });
    other.close();
    expect(await rejection(queue.add('after'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await queue.engine.close();
  });

  test('works on a connection that syncs every commit and keeps foreign keys', async () => {
    await using queue = await openQueue();
    const pragma = (name: string) => Object.values(queue.writer.query(`PRAGMA ${name}`).get() as object)[0];
    expect(['journal_mode', 'synchronous', 'foreign_keys'].map(pragma)).toEqual(['wal', 2, 1]);
  });
});

describe('a command that throws', () => {
  test('is undone alone: its batch is taken back and run again, each command behind a savepoint', async () => {
    await using queue = await openQueue();
    const before = queue.add('before');
    const broken = queue.engine.write(async (tx) => {
      await insert(tx, 'half');
      await fail();
    });
    const after = queue.add('after');
    const outcomes = await Promise.allSettled([before, broken, after]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await queue.names()).toEqual(['before', 'after']);
    expect([queue.count('BEGIN IMMEDIATE'), queue.count('COMMIT'), queue.count('ROLLBACK')]).toEqual([2, 1, 1]);
    expect([queue.count('SAVEPOINT command'), queue.count('ROLLBACK TO command')]).toEqual([3, 1]);
  });

  test('does not hinder any other, whichever of many throw', async () => {
    await using queue = await openQueue();
    const writes = Array.from({ length: 30 }, (_, index) =>
      index % 3 === 1 ? queue.engine.write(fail) : queue.add(`n${index}`),
    );
    const outcomes = await Promise.allSettled(writes);
    outcomes.forEach(({ status }, index) => {
      expect(status).toBe(index % 3 === 1 ? 'rejected' : 'fulfilled');
    });
    expect(await queue.names()).toHaveLength(20);
  });

  test('alone is run once, and nothing is left of it', async () => {
    await using queue = await openQueue();
    let runs = 0;
    const broken = queue.engine.write(async (tx) => {
      runs += 1;
      await insert(tx, 'half');
      await fail();
    });
    await rejection(broken);
    expect([runs, queue.writer.inTransaction, await queue.names()]).toEqual([1, false, []]);
  });

  test('hands its error to its caller as it is, even when that is nothing', async () => {
    await using queue = await openQueue();
    const error = new PayCoreError('ORDER_CONFLICT');
    const throwing = queue.engine.write(async () => {
      throw error;
    });
    expect(await rejection(throwing)).toBe(error);
    const silent = queue.engine.write(async () => {
      throw undefined;
    });
    expect((await Promise.allSettled([silent]))[0]?.status).toBe('rejected');
  });

  test('for a broken constraint rejects with the error of SQLite, not as a failure of storage', async () => {
    await using queue = await openQueue();
    await queue.add('once');
    expect(await rejection(queue.add('once'))).toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' });
    const outcomes = await Promise.allSettled([queue.add('twice'), queue.add('twice')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});

describe('while another connection holds the lock', () => {
  const lock = ({ path }: Awaited<ReturnType<typeof openQueue>>) => {
    const other = openWriter(path);
    other.run('BEGIN IMMEDIATE');
    return () => {
      other.run('ROLLBACK');
      other.close();
    };
  };

  test('the event loop goes on: timers run and reads are answered, and what waits is written when it is free', async () => {
    await using queue = await openQueue();
    await queue.add('kept');
    const release = lock(queue);
    const writes = Promise.all(['a', 'b'].map(queue.add));
    const delays: number[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      const begun = performance.now();
      await Bun.sleep(5);
      expect(await queue.names()).toEqual(['kept']);
      delays.push(performance.now() - begun);
    }
    expect(Math.max(...delays)).toBeLessThan(500);
    release();
    expect(await writes).toEqual(['a', 'b']);
    expect(await queue.names()).toEqual(['kept', 'a', 'b']);
    expect(queue.count('COMMIT')).toBeGreaterThanOrEqual(2);
  });

  test('for too long, each hears STORAGE_UNAVAILABLE when he himself has waited for that long, and nothing is written', async () => {
    await using queue = await openQueue(150);
    const release = lock(queue);
    const begun = performance.now();
    const first = rejection(queue.add('first'));
    await Bun.sleep(100);
    const second = rejection(queue.add('second'));
    expect(await first).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await second).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(250);
    const third = queue.add('third');
    release();
    expect(await third).toBe('third');
    expect(await queue.names()).toEqual(['third']);
  });

  test('closing waits for what waits, and those that cannot be written hear of it', async () => {
    await using queue = await openQueue(60);
    const release = lock(queue);
    const blocked = rejection(queue.add('blocked'));
    await queue.close();
    expect(await blocked).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    release();
  });
});

describe('a failure of the database', () => {
  const settle = (...writes: readonly Promise<unknown>[]): Promise<readonly unknown[]> => Promise.allSettled(writes);
  const FAILED = { status: 'rejected', reason: expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }) };

  test('for want of room rolls the whole batch back, every caller hears of it, and later writes work again', async () => {
    await using queue = await openQueue();
    await queue.add('kept');
    queue.fillDisk();
    const big = queue.engine.write(async (tx) => {
      for (let at = 0; at < 200; at += 1) await insert(tx, `${at} `.padEnd(3000, 'x'));
    });
    // Whatever each caller was told is what is on disk.
    expect(await settle(queue.add('small'), big, queue.add('late'))).toEqual([FAILED, FAILED, FAILED]);
    expect([queue.writer.inTransaction, await queue.names()]).toEqual([false, ['kept']]);
    queue.makeRoom();
    await queue.add('again');
    expect(await queue.names()).toEqual(['kept', 'again']);
  });

  test('for want of room while a batch is run again leaves nothing of that batch either', async () => {
    await using queue = await openQueue();
    queue.fillDisk();
    const big = queue.engine.write(async (tx) => {
      for (let at = 0; at < 200; at += 1) await insert(tx, `${at} `.padEnd(3000, 'x'));
    });
    const outcomes = await settle(queue.add('small'), queue.engine.write(fail), big);
    expect(outcomes).toEqual([FAILED, FAILED, FAILED]);
    queue.makeRoom();
    await queue.add('again');
    expect(await queue.names()).toEqual(['again']);
  });

  test('when committing takes everything back, and nobody is told that he has written', async () => {
    await using queue = await openQueue();
    queue.breakNext('COMMIT', 'SQLITE_IOERR_FSYNC');
    expect(await settle(queue.add('a'), queue.add('b'))).toEqual([FAILED, FAILED]);
    expect([queue.writer.inTransaction, await queue.names()]).toEqual([false, []]);
    await queue.add('c');
    expect(await queue.names()).toEqual(['c']);
  });
});
