import { expect, test } from 'bun:test';
import { findRows } from '../../src/store/table.ts';
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
    expect(await t.one.store.pruneClaims(NOW + LEASE)).toBe(1);
    const left = await findRows(t.one.engine.reader, 'claims', {});
    expect(left.map(({ name }) => name)).toEqual(['later']);
  });
}
