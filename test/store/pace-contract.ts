import { expect, test } from 'bun:test';
import { findRows } from '../../src/store/table.ts';
import type { OpenTwo } from './open.ts';

/** How often gateways are called by all processes together. */
export function describePace(open: OpenTwo): void {
  const NOW = 1_000_000;
  const account = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' } as const;
  const turn = (now = NOW) => ({ account, spacingMs: 250, now });

  test('turns at one account follow each other at the same distance, whoever takes them', async () => {
    await using t = await open();
    const waits: number[] = [];
    for (let n = 0; n < 4; n += 1) waits.push(await (n % 2 === 0 ? t.one : t.two).store.takeQueryTurn(turn()));
    expect(waits).toEqual([0, 250, 500, 750]);
    const other = { ...turn(), account: { ...account, environment: 'production' as const } };
    expect(await t.two.store.takeQueryTurn(other)).toBe(0);
    expect(await t.one.store.takeQueryTurn(turn(NOW + 900))).toBe(100);
    expect(await t.two.store.takeQueryTurn(turn(NOW + 5000))).toBe(0);
    expect(await t.one.store.takeQueryTurn(turn(NOW + 5000))).toBe(250);
  });

  test('turns that are taken at the same moment are all different', async () => {
    await using t = await open();
    const takes = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? t.one : t.two).store.takeQueryTurn(turn()));
    expect((await Promise.all(takes)).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n * 250));
  });

  test('a clock that was put back locks nobody out: a turn far ahead counts no more', async () => {
    await using t = await open();
    await t.one.store.takeQueryTurn(turn(NOW + 3_600_000));
    expect(await t.two.store.takeQueryTurn(turn())).toBe(0);
    expect(await t.one.store.takeQueryTurn(turn())).toBe(250);
    expect(await t.one.store.takeQueryTurn(turn(NOW - 9000))).toBe(9500);
    expect(await t.one.store.takeQueryTurn(turn(NOW - 12_000))).toBe(0);
  });

  const taking = (name: string, now = NOW) => ({ name, allowance: { burst: 3, everyMs: 1000 }, now });

  test('what a caller may is one for all processes; who has used it up waits', async () => {
    await using t = await open();
    const takes = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? t.one : t.two).store.takeAllowance(taking('a')));
    const waits = await Promise.all(takes);
    expect(waits.filter((ms) => ms === 0)).toHaveLength(3);
    expect(waits.filter((ms) => ms !== 0)).toEqual(Array(7).fill(1000));
    expect([await t.one.store.isUsedUp(taking('a')), await t.two.store.isUsedUp(taking('b'))]).toEqual([true, false]);
    expect(await t.one.store.takeAllowance(taking('b'))).toBe(0);
    expect(await t.two.store.takeAllowance(taking('a', NOW + 999))).toBe(1);
    expect(await t.two.store.isUsedUp(taking('a', NOW + 1000))).toBe(false);
    expect(await t.one.store.takeAllowance(taking('a', NOW + 1000))).toBe(0);
  });

  test('of callers without end only those are kept of whom something is missing', async () => {
    await using t = await open();
    const count = async () => (await findRows(t.one.engine.reader, 'allowances', {})).length;
    for (let n = 0; n < 12; n += 1) await t.one.store.takeAllowance(taking(`first ${n}`));
    expect(await count()).toBe(12);
    for (let n = 0; n < 6; n += 1) await t.two.store.takeAllowance(taking(`second ${n}`, NOW + 1000));
    expect(await count()).toBe(6);
    expect(await t.one.store.pruneShared(NOW + 1999)).toBe(0);
    expect(await t.one.store.pruneShared(NOW + 2000)).toBe(6);
  });
}
