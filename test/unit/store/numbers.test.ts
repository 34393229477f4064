import { describe, expect, test } from 'bun:test';
import { BLOCK, createNumbers } from '../../../src/store/engines/postgres-numbers.ts';
import { rejection } from '../../support/parts.ts';

/** Payment numbers that a process takes by the block. */

const DAY = '20260622';

interface Asked {
  readonly give: () => void;
  readonly fail: (error: Error) => void;
}

/** The rows of the days as the database keeps them; a block is given when the test says so, or at once. */
function openSource({ isReady = false } = {}) {
  const last = new Map<string, number>();
  const asked: Asked[] = [];
  return {
    asked,
    take: (day: string, count: number) =>
      new Promise<number>((resolve, reject) => {
        const give = () => {
          last.set(day, (last.get(day) ?? 0) + count);
          resolve(last.get(day) ?? 0);
        };
        asked.push({ give, fail: reject });
        if (isReady) give();
      }),
  };
}

async function nextOf(numbers: ReturnType<typeof createNumbers>, count: number, day = DAY): Promise<number[]> {
  const all: number[] = [];
  for (let at = 0; at < count; at += 1) all.push(await numbers.next(day));
  return all;
}

describe('payment numbers by the block', () => {
  test('count up from 1, through many blocks, each day by itself', async () => {
    const numbers = createNumbers(openSource({ isReady: true }).take);
    expect(await nextOf(numbers, BLOCK * 3)).toEqual(Array.from({ length: BLOCK * 3 }, (_, at) => at + 1));
    expect(await nextOf(numbers, 2, '20260623')).toEqual([1, 2]);
    expect(await nextOf(numbers, 1)).toEqual([BLOCK * 3 + 1]);
  });

  test('one block is asked for, however many wait for it, and they have different numbers', async () => {
    const source = openSource();
    const numbers = createNumbers(source.take);
    const all = Promise.all(Array.from({ length: 32 }, () => numbers.next(DAY)));
    expect(source.asked).toHaveLength(1);
    source.asked[0]?.give();
    expect(new Set(await all).size).toBe(32);
  });

  test('the next block is asked for before the first has run out, and nobody waits for it until then', async () => {
    const source = openSource();
    const numbers = createNumbers(source.take);
    const first = numbers.next(DAY);
    source.asked[0]?.give();
    expect(await first).toBe(1);
    await nextOf(numbers, BLOCK - 1);
    expect(source.asked).toHaveLength(2);
    const waiting = numbers.next(DAY);
    source.asked[1]?.give();
    expect(await waiting).toBe(BLOCK + 1);
  });

  test('a database that fails is told of to whoever waits, and asked again by the next', async () => {
    const source = openSource();
    const numbers = createNumbers(source.take);
    const failing = rejection(numbers.next(DAY));
    source.asked[0]?.fail(new Error('gone'));
    expect(await failing).toMatchObject({ message: 'gone' });
    const next = numbers.next(DAY);
    source.asked[1]?.give();
    expect(await next).toBe(1);
  });

  test('who gets none in time hears so, and the next is not behind the same answer', async () => {
    const source = openSource();
    const numbers = createNumbers(source.take, 5);
    const late = await Promise.all([1, 2, 3].map(() => rejection(numbers.next(DAY))));
    for (const error of late) expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(source.asked).toHaveLength(1);
    const next = numbers.next(DAY);
    source.asked.at(-1)?.give();
    expect(await next).toBe(1);
  });

  test('what is left is forgotten with the connection: the database may have gone back behind it', async () => {
    const numbers = createNumbers(openSource({ isReady: true }).take);
    await nextOf(numbers, 3);
    numbers.forget();
    expect(await numbers.next(DAY)).toBe(BLOCK + 1);
  });

  test('days that are over are not kept', async () => {
    const numbers = createNumbers(openSource({ isReady: true }).take);
    for (const day of ['20260622', '20260623', '20260624', '20260625']) await numbers.next(day);
    expect(await numbers.next('20260622')).toBe(BLOCK + 1);
    expect(await numbers.next('20260625')).toBe(2);
  });
});
