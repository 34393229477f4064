import { describe, expect, test } from 'bun:test';
import { hashApiKey } from '../../../src/security/vault.ts';
import { rejection } from '../../support/parts.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

async function makeProject(t: TestStore, name = 'shop'): Promise<number> {
  return (await t.store.ensureProject(name, new Uint8Array([1]), t.clock.now())).id;
}

test('pruning takes what is old: callbacks that nobody knows, and idempotency keys', async () => {
  await using t = await openTestStore();
  const stranger = { gateway: 'ecpay', address: '203.0.113.9', reason: 'no', contentType: 'text/plain' };
  for (const now of [98, 99, 100]) await t.store.addUnmatchedCallback({ ...stranger, body: new Uint8Array([1]), now });
  const key = { projectId: 1, key: 'k1', fingerprint: new Uint8Array([1]), owner: 'process-1' };
  await t.store.claimIdempotencyKey({ ...key, takeOver: false, now: 100, lifetimeMs: 1000 });
  expect(await t.store.prune(99, 0)).toBe(0);
  expect(await t.store.prune(0, 99)).toBe(2);
  expect((await t.rows.unmatchedCallbacks()).map(({ receivedAt }) => receivedAt)).toEqual([100]);
  expect(await t.store.prune(100, 0)).toBe(1);
});

describe('credentials', () => {
  const set = (t: TestStore, projectId: number, secret: string, change: object = {}) =>
    t.store.ensureCredential({
      projectId,
      gateway: 'ecpay',
      merchantId: '3002607',
      environment: 'stage',
      fingerprint: t.vault.fingerprint(secret),
      sealed: t.vault.seal('credentials ecpay', secret),
      now: t.clock.now(),
      ...change,
    });

  test('are stored once per distinct set of a project, also when they come at once', async () => {
    await using t = await openTestStore();
    const [one, two] = [await makeProject(t, 'one'), await makeProject(t, 'two')];
    const ids = await Promise.all([set(t, one, 'a'), set(t, one, 'a'), set(t, one, 'b'), set(t, two, 'a')]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(ids[1]);
    expect(await t.store.findFingerprint(one, 'ecpay', t.vault.fingerprint('a'))).toBe(ids[0] ?? -1);
    expect(await t.store.findFingerprint(two, 'ecpay', t.vault.fingerprint('b'))).toBeNull();
    expect(await t.store.findFingerprint(one, 'smilepay', t.vault.fingerprint('a'))).toBeNull();
  });

  test('lie sealed in the file: the secret itself is nowhere in it', async () => {
    await using t = await openTestStore();
    const id = await set(t, await makeProject(t), 'very secret hash key');
    const stored = await t.store.findCredential(id);
    expect(t.vault.open('credentials ecpay', stored?.sealed ?? new Uint8Array())).toBe('very secret hash key');
    expect(await t.rows.dump()).not.toContain('very secret');
  });

  test('one set is current for a project, gateway and environment, and another takes its place', async () => {
    await using t = await openTestStore();
    const [one, two] = [await makeProject(t, 'one'), await makeProject(t, 'two')];
    const current = async (project: number, environment: 'stage' | 'production') =>
      (await t.store.findCurrentCredential(project, 'ecpay', environment))?.id ?? null;
    const [a, b] = [await set(t, one, 'a'), await set(t, one, 'b')];
    const live = await set(t, one, 'c', { environment: 'production' });
    const other = await set(t, two, 'd');
    expect(await current(one, 'stage')).toBeNull();
    for (const id of [a, live, other, b, b]) await t.store.makeCurrentCredential(id);
    expect([await current(one, 'stage'), await current(one, 'production'), await current(two, 'stage')]).toEqual([
      b,
      live,
      other,
    ]);
    await t.store.makeCurrentCredential(a);
    expect(await current(one, 'stage')).toBe(a);
  });
});

describe('projects and keys', () => {
  test('a project is made once and keeps its first secret', async () => {
    await using t = await openTestStore();
    const [first, second] = await Promise.all([
      t.store.ensureProject('shop', new Uint8Array([1, 2]), 1),
      t.store.ensureProject('shop', new Uint8Array([3, 4]), 2),
    ]);
    expect(second).toEqual(first);
    expect([...((await t.store.findProject(first.id))?.notificationSecret ?? [])]).toEqual([1, 2]);
    expect(await t.store.findProject(99)).toBeNull();
  });

  test('a key is found by its hash until it is revoked, and revoked once', async () => {
    await using t = await openTestStore();
    const projectId = await makeProject(t);
    const hash = hashApiKey('pc_test_abc');
    await t.store.addKey({ projectId, kind: 'test', hash, hint: 'pc_test_a', now: 5 });
    const key = await t.store.findKey(hash);
    expect(key).toMatchObject({ projectId, kind: 'test' });
    expect(await t.store.listKeys()).toMatchObject([{ projectName: 'shop', hint: 'pc_test_a', createdAt: 5 }]);
    expect(await t.store.findKey(hashApiKey('pc_test_abd'))).toBeNull();
    expect(await t.store.revokeKey(key?.id ?? 0, 9)).toBe(true);
    expect(await t.store.revokeKey(key?.id ?? 0, 10)).toBe(false);
    expect(await t.store.findKey(hash)).toBeNull();
    expect((await t.store.listKeys()).map((one) => one.revokedAt)).toEqual([9]);
  });

  test('the same key cannot be stored twice', async () => {
    await using t = await openTestStore();
    const projectId = await makeProject(t);
    const key = { projectId, kind: 'live', hash: hashApiKey('k'), hint: '', now: 1 } as const;
    await t.store.addKey(key);
    const twice = await rejection(t.store.addKey(key));
    expect(twice).toMatchObject({ message: 'no row came of an insert into apiKeys' });
    expect(await t.store.listKeys()).toHaveLength(1);
  });
});

test('a setting is absent, then written, then overwritten', async () => {
  await using t = await openTestStore();
  expect(await t.store.readSetting('a')).toBeNull();
  await t.store.writeSetting('a', '1');
  await t.store.writeSetting('a', '2');
  expect(await t.store.readSetting('a')).toBe('2');
});

test('the probe writes when it can and rejects when it cannot', async () => {
  await using t = await openTestStore({ engine: 'sqlite' });
  await t.store.checkWritable();
  await t.store.checkWritable();
  await t.tamper.refuseWrites();
  expect(await rejection(t.store.checkWritable())).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await t.tamper.allowWrites();
});
