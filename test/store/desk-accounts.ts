import { describe, expect, test } from 'bun:test';
import {
  dropCurrent,
  ensureCredential,
  makeCurrent,
  markProved,
  type NewCredential,
} from '../../src/store/commands/credentials.ts';
import { addKey, revokeKey } from '../../src/store/commands/keys.ts';
import { changeProject, ensureProject, rotateSecret, setLimit } from '../../src/store/commands/projects.ts';
import {
  findCredential,
  findCurrentCredential,
  findFingerprint,
  listCredentials,
  listProjectsOfMerchant,
  listProvedCredentials,
  listRecentCredentials,
  listUnprovedCredentials,
} from '../../src/store/queries/credentials.ts';
import { findKey, findKeyHint, listKeys } from '../../src/store/queries/keys.ts';
import {
  findLimits,
  findProject,
  findProjectByName,
  findSettings,
  listProjects,
} from '../../src/store/queries/projects.ts';
import { patchRow } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { rejection } from '../support/parts.ts';
import { addAttempt, addPayments, bytes } from './desk-support.ts';
import { inTurn, type OpenEngine, type TestEngine } from './open.ts';

const ensure = (t: TestEngine, name = 'shop', secret = bytes(1), now = START) =>
  t.write((tx) => ensureProject(tx, name, secret, now));

export const describeAccounts = inTurn<OpenEngine>(describeProjects, describeKeys, describeCredentials, describeChoice);

function describeProjects(open: OpenEngine): void {
  describe('a project', () => {
    test('is made once and keeps its first secret, also when it is made many times at once', async () => {
      await using t = await open();
      const all = await Promise.all([1, 2, 3, 4, 5].map((n) => ensure(t, 'shop', bytes(n, n), n)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      const project = await findProject(t.reader, all[0]?.id ?? 0);
      expect(project).toEqual((await findProjectByName(t.reader, 'shop')) ?? expect.unreachable());
      expect(all).toEqual(all.map(() => project ?? expect.unreachable()));
      expect(project).toMatchObject({ name: 'shop', previousSecret: null, settings: {}, events: ['payment.paid'] });
      expect([...(project?.notificationSecret ?? [])]).toEqual(Array(2).fill(project?.createdAt ?? 0));
      expect(await findProject(t.reader, 99)).toBeNull();
      expect(await findProjectByName(t.reader, 'SHOP')).toBeNull();
    });

    test('takes changes of settings that come at once, each on what the others left', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      const names = ['success_url', 'cancel_url', 'payok_url', 'logo_url'] as const;
      await Promise.all(
        names.map((name) =>
          t.write((tx) => changeProject(tx, id, { fields: { [name]: `https://shop.example/${name}` }, methods: {} })),
        ),
      );
      const settings = await findSettings(t.reader, id);
      expect(Object.keys(settings).sort()).toEqual([...names].sort());
      const methods = { 'ecpay/atm': { enabled: false } };
      await t.write((tx) => changeProject(tx, id, { fields: { logo_url: null }, methods, events: ['payment.failed'] }));
      const project = await findProject(t.reader, id);
      expect(project?.settings).toEqual(await findSettings(t.reader, id));
      expect(project?.settings).toMatchObject({ success_url: 'https://shop.example/success_url', methods });
      expect(Object.hasOwn(project?.settings ?? {}, 'logo_url')).toBe(false);
      expect(project?.events).toEqual(['payment.paid', 'payment.failed']);
      await t.write((tx) => changeProject(tx, id, { fields: {}, methods: {} }));
      expect((await findProject(t.reader, id))?.events).toEqual(['payment.paid', 'payment.failed']);
      expect(await findSettings(t.reader, 99)).toEqual({});
      await t.write((tx) => changeProject(tx, 99, { fields: {}, methods: {} }));
    });

    test('leaves out settings that another version has stored and this one does not understand', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      const stored = { accent: 'red', contact: 'me', methods: { 'ecpay/atm': { position: 'first', enabled: true } } };
      await t.write((tx) => patchRow(tx, 'projects', id, { settings: stored as never, events: ['x'] as never }));
      const clean = { contact: 'me', methods: { 'ecpay/atm': { enabled: true } } };
      expect(await findSettings(t.reader, id)).toEqual(clean);
      expect(await findProject(t.reader, id)).toMatchObject({ settings: clean, events: ['payment.paid'] });
      await t.write((tx) => patchRow(tx, 'projects', id, { settings: [1] as never }));
      expect(await findSettings(t.reader, id)).toEqual({});
    });

    test('signs along with the secret before the last one until then', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      await t.write((tx) => rotateSecret(tx, id, bytes(2), 500));
      await t.write((tx) => rotateSecret(tx, id, bytes(3), 600));
      const project = await findProject(t.reader, id);
      expect([...(project?.notificationSecret ?? [])]).toEqual([3]);
      expect([...(project?.previousSecret?.sealed ?? [])]).toEqual([2]);
      expect(project?.previousSecret?.until).toBe(600);
    });

    test('has terms of its own by method, set at once or one after the other, and taken back', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      expect(await findLimits(t.reader, id)).toEqual({});
      expect(await findLimits(t.reader, 99)).toEqual({});
      const limit = { min: 1, max: 2 };
      await Promise.all(['a', 'b', 'c'].map((name) => t.write((tx) => setLimit(tx, id, name, limit))));
      expect(await findLimits(t.reader, id)).toEqual({ a: limit, b: limit, c: limit });
      await t.write((tx) => setLimit(tx, id, 'a', null));
      await t.write((tx) => setLimit(tx, id, 'b', { min: 3, max: 4 }));
      expect(await findLimits(t.reader, id)).toEqual({ b: { min: 3, max: 4 }, c: limit });
    });
  });
}

function describeKeys(open: OpenEngine): void {
  const key = (projectId: number, letter: number, kind: 'live' | 'test' = 'test') =>
    ({ projectId, kind, hash: bytes(letter), hint: `pc_${letter}`, now: letter }) as const;

  describe('an API key', () => {
    test('is found by its hash until it is revoked, and revoked once', async () => {
      await using t = await open();
      const { id: projectId } = await ensure(t);
      await t.write((tx) => addKey(tx, key(projectId, 5)));
      const found = await findKey(t.reader, bytes(5));
      const id = found?.id ?? 0;
      expect(found).toEqual({ id, projectId, kind: 'test' });
      expect(await findKeyHint(t.reader, id)).toBe('pc_5');
      expect(await findKeyHint(t.reader, 99)).toBeNull();
      expect(await findKey(t.reader, bytes(6))).toBeNull();
      expect(await t.write((tx) => revokeKey(tx, id, 9))).toBe(true);
      expect(await t.write((tx) => revokeKey(tx, id, 10))).toBe(false);
      expect(await t.write((tx) => revokeKey(tx, 99, 10))).toBe(false);
      expect(await findKey(t.reader, bytes(5))).toBeNull();
      const listed = { id, projectId, projectName: 'shop', kind: 'test', hint: 'pc_5', createdAt: 5, revokedAt: 9 };
      expect(await listKeys(t.reader)).toEqual([listed as never]);
    });

    test('cannot be stored twice', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      await t.write((tx) => addKey(tx, key(id, 1)));
      expect(await rejection(t.write((tx) => addKey(tx, key(id, 1))))).toBeInstanceOf(Error);
      expect(await listKeys(t.reader)).toHaveLength(1);
    });

    test('counts for its project by kind, while it is not revoked', async () => {
      await using t = await open();
      const [one, two] = [await ensure(t, 'one'), await ensure(t, 'two', bytes(1), START + 1)];
      for (const letter of [1, 2, 3]) await t.write((tx) => addKey(tx, key(one.id, letter)));
      await t.write((tx) => addKey(tx, key(one.id, 4, 'live')));
      const revoked = await findKey(t.reader, bytes(2));
      await t.write((tx) => revokeKey(tx, revoked?.id ?? 0, 1));
      expect(await listProjects(t.reader)).toEqual([
        { id: one.id, name: 'one', createdAt: START, liveKeys: 1, testKeys: 2 },
        { id: two.id, name: 'two', createdAt: START + 1, liveKeys: 0, testKeys: 0 },
      ]);
    });
  });
}

const MERCHANT = '3002607';

const addSet = (t: TestEngine, projectId: number, letter: number, change: Partial<NewCredential> = {}) =>
  t.write((tx) =>
    ensureCredential(tx, {
      ...{ projectId, gateway: 'ecpay', merchantId: MERCHANT, environment: 'stage', now: START + letter },
      ...{ fingerprint: bytes(letter), sealed: bytes(letter, letter) },
      ...change,
    }),
  );

function describeCredentials(open: OpenEngine): void {
  describe('credentials', () => {
    test('are stored once per distinct set of a project, also when they come at once', async () => {
      await using t = await open();
      const [one, two] = [await ensure(t, 'one'), await ensure(t, 'two')];
      const same = await Promise.all([1, 1, 1, 1].map((letter) => addSet(t, one.id, letter)));
      const others = [await addSet(t, one.id, 2), await addSet(t, two.id, 1), await addSet(t, one.id, 1)];
      expect(new Set(same).size).toBe(1);
      expect(new Set([...same, ...others]).size).toBe(3);
      expect(others[2]).toBe(same[0] ?? 0);
      expect(await findFingerprint(t.reader, one.id, 'ecpay', bytes(1))).toBe(same[0] ?? 0);
      expect(await findFingerprint(t.reader, two.id, 'ecpay', bytes(2))).toBeNull();
      expect(await findFingerprint(t.reader, one.id, 'smilepay', bytes(1))).toBeNull();
      const stored = await findCredential(t.reader, others[0] ?? 0);
      expect(stored).toMatchObject({ projectId: one.id, gateway: 'ecpay', merchantId: MERCHANT, current: false });
      expect([...(stored?.sealed ?? [])]).toEqual([2, 2]);
      expect(await findCredential(t.reader, 99)).toBeNull();
    });

    test('of a project and merchant come newest first, as many as are asked for, and nobody else’s', async () => {
      await using t = await open();
      const [one, two] = [await ensure(t, 'one'), await ensure(t, 'two')];
      const ids = [await addSet(t, one.id, 1), await addSet(t, one.id, 2), await addSet(t, one.id, 3)].reverse();
      await addSet(t, two.id, 1);
      await addSet(t, one.id, 4, { merchantId: '300260' });
      await addSet(t, one.id, 5, { gateway: 'smilepay' });
      const live = await addSet(t, one.id, 6, { environment: 'production' });
      const owner = { projectId: one.id, gateway: 'ecpay', environment: 'stage', merchantId: MERCHANT } as const;
      const list = async (limit: number, change: object = {}) =>
        (await listRecentCredentials(t.reader, { ...owner, ...change }, limit)).map(({ id }) => id);
      expect(await list(10)).toEqual(ids);
      expect(await list(2)).toEqual(ids.slice(0, 2));
      expect(await list(10, { environment: 'production' })).toEqual([live]);
      expect(await list(10, { merchantId: '' })).toEqual([]);
    });

    test('that may open something for a merchant are found by project, none of which takes the place of another', async () => {
      await using t = await open();
      const [one, two, none] = [await ensure(t, 'one'), await ensure(t, 'two'), await ensure(t, 'none')];
      const old = await addSet(t, one.id, 1);
      const current = await addSet(t, one.id, 2, { environment: 'production' });
      const fresh = await addSet(t, one.id, 3);
      const other = await addSet(t, two.id, 4);
      await addSet(t, none.id, 5, { merchantId: '300260' });
      await addSet(t, none.id, 6, { gateway: 'smilepay' });
      const many: number[] = [];
      for (let n = 10; n < 40; n += 1) many.unshift(await addSet(t, two.id, n));
      await t.write((tx) => makeCurrent(tx, current));

      expect(await listProjectsOfMerchant(t.reader, 'ecpay', MERCHANT)).toEqual([one.id, two.id]);
      expect(await listProjectsOfMerchant(t.reader, 'ecpay', '%')).toEqual([]);
      const ownerOf = ({ id: projectId }: { readonly id: number }) => ({
        projectId,
        gateway: 'ecpay',
        merchantId: MERCHANT,
      });
      const unproved = async (project: { readonly id: number }, limit = 50) =>
        (await listUnprovedCredentials(t.reader, ownerOf(project), limit)).map(({ id }) => id);
      const proved = async (project: { readonly id: number }, limit = 50) =>
        (await listProvedCredentials(t.reader, ownerOf(project), limit)).map(({ id }) => id);
      expect([await proved(one), await unproved(one), await unproved(one, 2)]).toEqual([
        [],
        [current, fresh, old],
        [current, fresh],
      ]);
      expect(await unproved(two)).toEqual([...many, other]);

      for (const id of [old, current, other]) await t.write((tx) => markProved(tx, id));
      expect([await proved(one), await proved(one, 1), await unproved(one)]).toEqual([
        [current, old],
        [current],
        [fresh],
      ]);
      expect([await proved(two), await unproved(two)]).toEqual([[other], many]);

      const sold = await addSet(t, none.id, 7, { merchantId: '7', platformId: MERCHANT });
      await addSet(t, none.id, 8, { merchantId: '8', platformId: '8' });
      await addSet(t, none.id, 9, { gateway: 'smilepay', platformId: MERCHANT });
      expect(await listProjectsOfMerchant(t.reader, 'ecpay', MERCHANT)).toEqual([one.id, two.id, none.id]);
      expect([await proved(none), await unproved(none)]).toEqual([[], [sold]]);
      await t.write((tx) => markProved(tx, sold));
      expect([await proved(none), await unproved(none)]).toEqual([[sold], []]);
      // A set from before its platform was kept learns it when it comes again.
      await addSet(t, one.id, 3, { platformId: 'P2' });
      expect(await listProjectsOfMerchant(t.reader, 'ecpay', 'P2')).toEqual([one.id]);
    });
  });
}

function describeChoice(open: OpenEngine): void {
  describe('of the credentials of a project, gateway and environment', () => {
    const current = async (t: TestEngine, projectId: number, environment: 'stage' | 'production' = 'stage') =>
      (await findCurrentCredential(t.reader, projectId, 'ecpay', environment))?.id ?? null;

    test('one set is current, and another takes its place', async () => {
      await using t = await open();
      const [one, two] = [await ensure(t, 'one'), await ensure(t, 'two')];
      const [a, b] = [await addSet(t, one.id, 1), await addSet(t, one.id, 2)];
      const live = await addSet(t, one.id, 3, { environment: 'production' });
      const other = await addSet(t, two.id, 4);
      expect(await current(t, one.id)).toBeNull();
      for (const id of [a, live, other, b, b, 99]) await t.write((tx) => makeCurrent(tx, id));
      const all = [await current(t, one.id), await current(t, one.id, 'production'), await current(t, two.id)];
      expect(all).toEqual([b, live, other]);
      await t.write((tx) => makeCurrent(tx, a));
      expect(await current(t, one.id)).toBe(a);
    });

    test('exactly one is current when many are made so at once', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      const sets: number[] = [];
      for (const letter of [1, 2, 3, 4, 5, 6]) sets.push(await addSet(t, id, letter));
      await Promise.all([...sets, ...sets].map((set) => t.write((tx) => makeCurrent(tx, set))));
      const listed = await listCredentials(t.reader, id, 20);
      expect(listed.filter((one) => one.current)).toHaveLength(1);
    });

    test('none is current once it is dropped, and the set stays', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      const set = await addSet(t, id, 1);
      const drop = () => t.write((tx) => dropCurrent(tx, id, 'ecpay', 'stage'));
      expect(await drop()).toBe(false);
      await t.write((tx) => makeCurrent(tx, set));
      expect(await t.write((tx) => dropCurrent(tx, id, 'ecpay', 'production'))).toBe(false);
      expect(await drop()).toBe(true);
      expect(await drop()).toBe(false);
      expect(await current(t, id)).toBeNull();
      expect(await findCredential(t.reader, set)).not.toBeNull();
    });

    test('dropping those of one environment leaves the other’s in use', async () => {
      for (const [dropped, left] of [
        ['stage', 'production'],
        ['production', 'stage'],
      ] as const) {
        await using t = await open();
        const { id } = await ensure(t);
        const kept = await addSet(t, id, 1, { environment: left });
        const gone = await addSet(t, id, 2, { environment: dropped });
        for (const set of [gone, kept]) await t.write((tx) => makeCurrent(tx, set));
        expect(await t.write((tx) => dropCurrent(tx, id, 'ecpay', dropped))).toBe(true);
        expect([await current(t, id, left), await current(t, id, dropped)]).toEqual([kept, null]);
        expect(await t.write((tx) => dropCurrent(tx, id, 'ecpay', dropped))).toBe(false);
        expect(await current(t, id, left)).toBe(kept);
      }
    });

    test('a list shows that in use first, then the newest, with the last use and without any secret', async () => {
      await using t = await open();
      const { id } = await ensure(t);
      const [a, b, c] = [await addSet(t, id, 1), await addSet(t, id, 2), await addSet(t, id, 3)];
      await t.write((tx) => makeCurrent(tx, a));
      const [payment] = await addPayments(t, { projectId: id, credentialId: b }, [{}]);
      if (!payment) return expect.unreachable();
      await addAttempt(t, payment, { createdAt: START + 5 });
      await addAttempt(t, payment, { createdAt: START + 7, status: 'ended' });
      const listed = await listCredentials(t.reader, id, 20);
      expect(listed.map((one) => [one.id, one.current, one.lastUsedAt])).toEqual([
        [a, true, null],
        [c, false, null],
        [b, false, START + 7],
      ]);
      expect(Object.keys(listed[0] ?? {}).sort()).toEqual(
        ['createdAt', 'current', 'environment', 'gateway', 'id', 'lastUsedAt', 'merchantId', 'projectId'].sort(),
      );
      expect(await listCredentials(t.reader, id, 1)).toHaveLength(1);
      expect(await listCredentials(t.reader, 99, 20)).toEqual([]);
    });
  });
}
