import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { checkInvariants, describeBroken } from '../../support/invariants.ts';
import { attachTestStore, makeFolder } from '../../support/store.ts';

const WRITER = join(import.meta.dir, '../../support/writer.ts');
const EACH = 60;

/** Starts processes that all wait for one line, lets them go together, and gives what each printed. */
async function race(file: string, names: readonly string[]): Promise<string[][]> {
  const children = names.map((name) =>
    Bun.spawn([process.execPath, WRITER, file, name, String(EACH)], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'inherit',
    }),
  );
  const readers = children.map((child) => child.stdout.pipeThrough(new TextDecoderStream()).getReader());
  await Promise.all(readers.map((reader) => reader.read()));
  for (const child of children) {
    child.stdin.write('go\n');
    child.stdin.end();
  }
  return Promise.all(
    readers.map(async (reader, index) => {
      let text = '';
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      expect(await children[index]?.exited).toBe(0);
      return JSON.parse(text) as string[];
    }),
  );
}

test('three processes make, migrate and write one database file at once, and nothing is lost or given out twice', async () => {
  using folder = makeFolder();
  const file = folder.file('shared.db');
  const made = await race(file, ['left', 'right', 'middle']);
  const all = made.flat();
  expect(new Set(all).size).toBe(EACH * 3);
  const sequences = all.map((paymentNo) => Number(paymentNo.slice(11, 15))).sort((a, b) => a - b);
  expect(sequences).toEqual(Array.from({ length: EACH * 3 }, (_, index) => index + 1));
  await using test = await attachTestStore(file, 'reader');
  expect(await test.rows.count('projects')).toBe(1);
  expect(await test.rows.payments({ status: 'paid' })).toHaveLength(EACH * 3);
  expect(await test.rows.outbox({ event: 'payment.paid' })).toHaveLength(EACH * 3);
  expect(describeBroken(await checkInvariants(file))).toEqual([]);
});
