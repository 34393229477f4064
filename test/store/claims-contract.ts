import { expect, test } from 'bun:test';
import { addRow, findRows } from '../../src/store/table.ts';
import type { OpenTwo } from './open.ts';

/** What one process does for all of them. */
export function describeClaims(open: OpenTwo): void {
  const [NOW, LEASE] = [1_000_000, 30_000];
  const of = (owner: string, now = NOW) => ({ name: 'prune', owner, now, leaseMs: LEASE });

  test('one of many that come at once has it, nobody else until its time is over', async () => {
    await using t = await open();
    const owners = Array.from({ length: 20 }, (_, at) => `proc_${at}`);
    const taken = await Promise.all(owners.map((owner, at) => (at % 2 === 0 ? t.one : t.two).store.claim(of(owner))));
    expect(taken.filter(Boolean).length).toBe(1);
    expect(await t.one.store.claim(of('late', NOW + LEASE - 1))).toBeFalse();
    expect(await t.two.store.claim(of('late', NOW + LEASE))).toBeTrue();
  });

  test('what is released may be taken at once; what is somebody else’s by now is not released', async () => {
    await using t = await open();
    await t.one.store.claim(of('one'));
    await t.two.store.release('prune', 'other');
    expect(await t.two.store.claim(of('other'))).toBeFalse();
    await t.one.store.release('prune', 'one');
    expect(await t.two.store.claim(of('other'))).toBeTrue();
  });

  test('those that are over are dropped', async () => {
    await using t = await open();
    await t.one.store.claim(of('one'));
    await t.one.store.claim({ ...of('one'), name: 'later', leaseMs: 2 * LEASE });
    expect(await t.one.store.pruneShared(NOW + LEASE)).toBe(1);
    const left = await findRows(t.one.engine.reader, 'claims', {});
    expect(left.map(({ name }) => name)).toEqual(['later']);
  });

  test('with them allowances that are whole again, and forms that nobody can use any more', async () => {
    await using t = await open();
    const { engine, store } = t.one;
    const form = { locale: 'en', sealed: new Uint8Array([1]), madeAt: 0 };
    await engine.write(async (tx) => {
      for (const fullAt of [NOW, NOW + 1]) await addRow(tx, 'allowances', { name: `a ${fullAt}`, fullAt });
      for (const expiresAt of [NOW, NOW + 1])
        await addRow(tx, 'insiteForms', { ...form, attemptId: expiresAt, expiresAt });
    });
    await store.claim(of('one'));
    expect(await store.pruneShared(NOW)).toBe(2);
    expect(await findRows(engine.reader, 'allowances', {})).toMatchObject([{ fullAt: NOW + 1 }]);
    expect(await findRows(engine.reader, 'insiteForms', {})).toMatchObject([{ expiresAt: NOW + 1 }]);
    expect(await findRows(engine.reader, 'claims', {})).toHaveLength(1);
  });
}
