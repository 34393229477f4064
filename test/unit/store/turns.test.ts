import { describe, expect, test } from 'bun:test';
import { countPayment } from '../../../src/store/counters.ts';
import type { Command } from '../../../src/store/engines/engine.ts';
import { openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { findRows } from '../../../src/store/table.ts';
import type { Tx } from '../../../src/store/tx.ts';
import { rejection } from '../../support/parts.ts';
import { insert, listNames, openQueue } from './queue-support.ts';

/** A batch of commands runs within one turn of the event loop: what else goes on, in that turn and after it. */

const GIVEN_UP = /waited for something other than the database/;
const OVER = /this transaction is over/;

/** Comes back in a later turn, as an answer of the network would. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const manyTurns = async () => {
  for (let turns = 0; turns < 200; turns += 1) await nextTurn();
};
const never = new Promise<never>(() => {});

type Queue = Awaited<ReturnType<typeof openQueue>>;

/** A command that writes a name and says how often it was begun. */
function counted(queue: Queue, name: string) {
  let runs = 0;
  const write = queue.engine.write(async (tx) => {
    runs += 1;
    await insert(tx, name);
  });
  return { write, runs: () => runs };
}

describe('a command that waits for something other than the database', () => {
  test('is given up with an error that says so, and nothing of it is written', async () => {
    await using queue = await openQueue();
    const waiting = queue.engine.write(async (tx) => {
      await insert(tx, 'half');
      await never;
    });
    expect(await rejection(waiting)).toMatchObject({ message: expect.stringMatching(GIVEN_UP) });
    expect([queue.writer.inTransaction, await queue.names()]).toEqual([false, []]);
    await queue.add('after');
    expect(await queue.names()).toEqual(['after']);
  });

  test('does not take the others of its batch with it: they run again and succeed', async () => {
    await using queue = await openQueue();
    const before = queue.add('before');
    const waiting = rejection(queue.engine.write(() => never));
    const others = [before, queue.add('behind'), queue.add('last')];
    expect(await Promise.all(others)).toEqual(['before', 'behind', 'last']);
    expect(await waiting).toMatchObject({ message: expect.stringMatching(GIVEN_UP) });
    expect(await queue.names()).toEqual(['before', 'behind', 'last']);
    expect([queue.count('BEGIN IMMEDIATE'), queue.count('ROLLBACK'), queue.count('COMMIT')]).toEqual([2, 1, 1]);
  });

  test('stays given up when it is not the only one, nor the only one that fails', async () => {
    await using queue = await openQueue();
    const broken = rejection(queue.engine.write(() => Promise.reject(new Error('no'))));
    const one = rejection(queue.engine.write(() => never));
    const sound = queue.add('sound');
    const two = rejection(queue.engine.write(() => never));
    expect(await sound).toBe('sound');
    for (const error of [await one, await two]) {
      expect(error).toMatchObject({ message: expect.stringMatching(GIVEN_UP) });
    }
    expect(await broken).toMatchObject({ message: 'no' });
    expect(await queue.names()).toEqual(['sound']);
  });

  test('writes nothing when it goes on later: its statements are refused, also while another batch runs', async () => {
    await using queue = await openQueue();
    let refused: unknown = null;
    const late = Promise.withResolvers<void>();
    const waiting = queue.engine.write(async (tx) => {
      await late.promise;
      refused = await rejection(insert(tx, 'late'));
    });
    await rejection(waiting);
    // It goes on within the turn of somebody else's transaction.
    await queue.engine.write(async (tx) => {
      await insert(tx, 'other');
      late.resolve();
      await queue.listIn(tx);
      await queue.listIn(tx);
    });
    await nextTurn();
    expect(refused).toMatchObject({ message: expect.stringMatching(OVER) });
    expect(await queue.names()).toEqual(['other']);
  });

  test('lets the others run once more and not a third time when it comes back', async () => {
    await using queue = await openQueue();
    const late = Promise.withResolvers<void>();
    const before = counted(queue, 'before');
    const waiting = rejection(queue.engine.write(() => late.promise));
    const behind = counted(queue, 'behind');
    await Promise.all([before.write, waiting, behind.write]);
    late.resolve();
    await nextTurn();
    // The one behind it had not begun when the batch was given up.
    expect([before.runs(), behind.runs()]).toEqual([2, 1]);
    expect(await queue.names()).toEqual(['before', 'behind']);
  });

  test('keeps nobody from closing the database', async () => {
    await using queue = await openQueue();
    const waiting = rejection(queue.engine.write(() => never));
    const sound = queue.add('sound');
    const closing = queue.close().then(() => 'closed');
    expect(await sound).toBe('sound');
    expect(await Promise.race([closing, manyTurns().then(() => 'still open')])).toBe('closed');
    expect(await waiting).toMatchObject({ message: expect.stringMatching(GIVEN_UP) });
  });
});

/** Many microtasks within one command, each of which lets others go on. */
async function dawdle(tx: Tx): Promise<void> {
  for (let steps = 0; steps < 20; steps += 1) await findRows(tx, 'settings', {});
}

/** Writes, and before the turn is over looks from outside. */
function writeAndLook({ engine }: Awaited<ReturnType<typeof openQueue>>, name: string, end = () => {}) {
  const seen: (readonly string[])[] = [];
  const writing = engine.write(async (tx) => {
    await insert(tx, name);
    seen.push(await listNames(engine.reader));
    end();
  });
  return { seen, writing };
}

describe('a read', () => {
  test('sees nothing of a batch that is under way, though it is made between two of its statements', async () => {
    await using queue = await openQueue();
    await queue.add('kept');
    const seen: (readonly string[])[] = [];
    let underWay = true;
    const syncAttempt = async () => {
      while (underWay) seen.push(await listNames(queue.engine.reader));
    };
    const looking = Promise.withResolvers<void>();
    const write: Command<void> = async (tx) => {
      await insert(tx, 'written');
      syncAttempt().then(looking.resolve, looking.reject);
      await dawdle(tx);
      expect(await queue.listIn(tx)).toEqual(['kept', 'written']);
      underWay = false;
    };
    await queue.engine.write(write);
    await looking.promise;
    expect(seen.length).toBeGreaterThan(10);
    for (const names of seen) expect(names).toEqual(['kept']);
  });

  test('sees nothing of what was taken back', async () => {
    await using queue = await openQueue();
    const { seen, writing } = writeAndLook(queue, 'half', () => {
      throw new Error('no');
    });
    await rejection(writing);
    expect([...seen, await queue.names()]).toEqual([[], []]);
  });

  test('of whoever was answered sees what he wrote, even though the same turn has been read before', async () => {
    await using queue = await openQueue();
    const { seen: early, writing } = writeAndLook(queue, 'mine');
    const seen = await writing.then(() => listNames(queue.engine.reader));
    expect([early, seen]).toEqual([[[]], ['mine']]);
    for (const name of ['a', 'b', 'c']) {
      await queue.names();
      await queue.add(name);
      expect(await queue.names()).toContain(name);
    }
  });

  test('of one turn is of one moment: what another process commits meanwhile is seen in the next', async () => {
    await using queue = await openQueue();
    const other = openWriter(queue.path);
    const before = await queue.names();
    other.run("INSERT INTO settings (name, value) VALUES ('a', '1')");
    const sameTurn = await findRows(queue.engine.reader, 'settings', {});
    await nextTurn();
    const later = await findRows(queue.engine.reader, 'settings', {});
    other.close();
    expect([before, sameTurn, later]).toEqual([[], [], [{ name: 'a', value: '1' }]]);
  });
});

describe('counters', () => {
  const PENDING = {
    ...({ projectId: 1, keyKind: 'test', livemode: false, status: 'pending', currency: 'TWD' } as const),
    ...{ gateway: 'ecpay', method: 'atm', createdAt: 0 },
  };
  const COUNTS = /insert into "payment_counts"/i;

  /** A payment that is counted and then, perhaps, taken back. */
  const add = (queue: Queue, isBroken = false) =>
    queue.engine.write(async (tx) => {
      countPayment(tx, { ...PENDING, amount: 100, paidAt: null });
      countPayment(tx, { ...PENDING, status: 'paid', amount: 100, paidAt: 0 });
      await findRows(tx, 'settings', {});
      if (isBroken) throw new Error('no');
    });
  const read = async (queue: Queue) => {
    const counts = await findRows(queue.engine.reader, 'paymentCounts', {});
    const sums = await findRows(queue.engine.reader, 'paidSums', {});
    return {
      counts: Object.fromEntries(counts.map(({ status, count }) => [status, count])),
      sums: sums.map(({ amount, count }) => [amount, count]),
    };
  };

  test('that many commands of a batch change are written once', async () => {
    await using queue = await openQueue();
    await queue.add('shop');
    await Promise.all(Array.from({ length: 10 }, () => add(queue)));
    expect(await read(queue)).toEqual({ counts: { pending: 10, paid: 10 }, sums: [[1000, 10]] });
    // One row for each of two statuses.
    expect(queue.count(COUNTS)).toBe(2);
  });

  test('are right when some of a batch throw and it is run again: each command counts once or not at all', async () => {
    await using queue = await openQueue();
    await queue.add('shop');
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => add(queue, index % 3 === 0)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(await read(queue)).toEqual({ counts: { pending: 6, paid: 6 }, sums: [[600, 6]] });
    expect(queue.count(COUNTS)).toBe(2);
  });

  test('are right when a command of the batch is given up', async () => {
    await using queue = await openQueue();
    await queue.add('shop');
    const waiting = queue.engine.write(async (tx) => {
      countPayment(tx, { ...PENDING, amount: 100, paidAt: null });
      await never;
    });
    await Promise.all([add(queue), rejection(waiting), add(queue)]);
    expect(await read(queue)).toEqual({ counts: { pending: 2, paid: 2 }, sums: [[200, 2]] });
  });

  test('are not written where nothing has changed in the end', async () => {
    await using queue = await openQueue();
    await queue.add('shop');
    await queue.engine.write(async () => undefined);
    expect([queue.count(COUNTS), await read(queue)]).toEqual([0, { counts: {}, sums: [] }]);
  });
});
