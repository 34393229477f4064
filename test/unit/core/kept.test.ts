import { expect, test } from 'bun:test';
import { keepByName, keepOne } from '../../../src/core/kept.ts';

test('what is asked for by one name at once or later is made once; another name is another thing', async () => {
  const keep = keepByName<string, number>();
  let made = 0;
  const make = async () => ++made;
  expect(await Promise.all([keep('a', make), keep('a', make)])).toEqual([1, 1]);
  expect([await keep('a', make), await keep('b', make)]).toEqual([1, 2]);
});

test('a failure is told to who asked, and not kept', async () => {
  let tries = 0;
  const read = keepOne(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });
  await expect(read()).rejects.toThrow('not yet');
  expect([await read(), await read()]).toEqual([2, 2]);
});
