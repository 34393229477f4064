import { expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import type { Store } from '../../src/store/store.ts';
import { findRows } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import type { OpenTwo } from './open.ts';

const ALLOWANCE = { burst: 3, everyMs: MINUTE } as const;
const counter = (name: string, burst: number = ALLOWANCE.burst) => ({ name, allowance: { ...ALLOWANCE, burst } });
const HASH = Uint8Array.from({ length: 32 }, (_, at) => at);

interface Given {
  readonly role?: 'owner' | 'staff';
  readonly passwordHash?: string | null;
  readonly linkHash?: Uint8Array | null;
}

async function addPerson(
  store: Store,
  email: string,
  { role = 'staff', passwordHash = 'x', linkHash = null }: Given = {},
) {
  const person = await store.addPerson({
    email,
    name: 'Somebody',
    role,
    passwordHash,
    linkHash,
    linkUntil: linkHash === null ? null : START + HOUR,
    locale: null,
    isFirst: false,
    now: START,
  });
  if (!person) throw new Error(`${email} is taken`);
  return person;
}

/** Signing in, on two nodes that share a database. */
export function describeLogins(open: OpenTwo): void {
  test('so many tries at once are allowed, then one after each interval, to all nodes together', async () => {
    await using two = await open();
    const [one, other] = two.both.map(({ store }) => store) as [Store, Store];
    const tries = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 ? one : other).takeLogin([counter('a')], START)),
    );
    expect(tries.filter((waitMs) => waitMs === 0).length).toBe(3);
    expect(await one.takeLogin([counter('a')], START + MINUTE - 1)).toBe(1);
    expect(await one.takeLogin([counter('a')], START + MINUTE)).toBe(0);
    expect(await other.takeLogin([counter('a')], START + MINUTE)).toBe(MINUTE);
  });

  test('a try that one counter refuses takes nothing from the others', async () => {
    await using two = await open();
    const { store } = two.one;
    expect(await store.takeLogin([counter('a', 1)], START)).toBe(0);
    for (let at = 0; at < 5; at += 1) {
      expect(await store.takeLogin([counter('a', 1), counter('b')], START)).toBe(MINUTE);
    }
    for (let at = 0; at < 3; at += 1) expect(await store.takeLogin([counter('b')], START)).toBe(0);
  });

  test('what was no guess is given back, and no more than that', async () => {
    await using two = await open();
    const { store } = two.one;
    await store.takeLogin([counter('a')], START);
    await store.takeLogin([counter('a')], START);
    await store.giveBackLogin([counter('a')]);
    expect(await store.takeLogin([counter('a')], START)).toBe(0);
    expect(await store.takeLogin([counter('a')], START)).toBe(0);
    expect(await store.takeLogin([counter('a')], START)).toBe(MINUTE);
  });

  test('counters from which nothing is missing any more leave no row', async () => {
    await using two = await open();
    const { store, engine } = two.one;
    for (const name of ['a', 'b', 'c']) await store.takeLogin([counter(name)], START);
    await store.takeLogin([counter('d')], START + MINUTE);
    expect((await findRows(engine.reader, 'loginLimits', {})).map(({ name }) => name)).toEqual(['d']);
  });

  test('a clock that is put back locks nobody out for longer than the allowance does', async () => {
    await using two = await open();
    const { store } = two.one;
    await store.takeLogin([counter('a')], START + 30 * DAY);
    expect(await store.takeLogin([counter('a')], START)).toBeLessThanOrEqual(MINUTE);
  });

  test('where somebody signed in is known for as long as it is asked for, to nobody else’s good', async () => {
    await using two = await open();
    const { store } = two.one;
    const [person, other] = [await addPerson(store, 'a@shop.example'), await addPerson(store, 'b@shop.example')];
    const address = '203.0.113.7';
    await store.rememberAddress({ personId: person.id, address, now: START, before: START - DAY });
    await store.rememberAddress({ personId: person.id, address, now: START + HOUR, before: START - DAY });
    expect(await store.isKnownAddress({ personId: person.id, address, since: START + HOUR })).toBe(true);
    expect(await store.isKnownAddress({ personId: person.id, address, since: START + HOUR + 1 })).toBe(false);
    expect(await store.isKnownAddress({ personId: other.id, address, since: START })).toBe(false);
    await store.rememberAddress({ personId: other.id, address, now: START + 2 * DAY, before: START + DAY });
    expect(await store.isKnownAddress({ personId: person.id, address, since: START })).toBe(false);
  });

  test('a step of the second factor counts once, whoever is first, and none before it after that', async () => {
    await using two = await open();
    const { id } = await addPerson(two.one.store, 'a@shop.example');
    const used = await Promise.all(two.both.map(({ store }) => store.useTotpStep(id, 100)));
    expect(used.filter(Boolean)).toEqual([true]);
    expect(await two.one.store.useTotpStep(id, 99)).toBe(false);
    expect(await two.one.store.useTotpStep(id, 101)).toBe(true);
  });

  test('a recovery code counts once, whoever is first', async () => {
    await using two = await open();
    const { store } = two.one;
    const { id } = await addPerson(store, 'a@shop.example');
    await store.changePerson(id, { fields: { recoveryCodes: ['x', 'y'] }, endsSessions: false, now: START });
    const used = await Promise.all(two.both.map((node) => node.store.useRecoveryCode(id, 'x')));
    expect(used.toSorted()).toEqual([1, null]);
    expect(await store.useRecoveryCode(id, 'z')).toBeNull();
    expect((await store.findPerson(id))?.recoveryCodes).toEqual(['y']);
  });

  test('a one-time link sets one password, until its time is over', async () => {
    await using two = await open();
    const { store } = two.one;
    const { id } = await addPerson(store, 'a@shop.example', { passwordHash: null, linkHash: HASH });
    expect(await store.findPersonByLink(HASH, START + HOUR)).toBeNull();
    expect((await store.findPersonByLink(HASH, START))?.id).toBe(id);
    expect(await store.acceptLink({ hash: HASH, passwordHash: 'late', now: START + HOUR })).toBeNull();
    const set = await Promise.all(
      two.both.map((node, at) => node.store.acceptLink({ hash: HASH, passwordHash: `by ${at}`, now: START })),
    );
    expect(set.filter((person) => person !== null).length).toBe(1);
    expect(await store.findPersonByLink(HASH, START)).toBeNull();
  });

  test('a one-time link ends whoever was signed in, and lets nobody in who may not', async () => {
    await using two = await open();
    const { store } = two.one;
    const { id } = await addPerson(store, 'a@shop.example', { linkHash: HASH });
    const session = { hash: HASH, personId: id, address: '', userAgent: '', expiresAt: START + DAY, now: START };
    await store.addSession(session);
    await store.changePerson(id, { fields: { disabledAt: START }, endsSessions: false, now: START });
    expect(await store.acceptLink({ hash: HASH, passwordHash: 'new', now: START })).toBeNull();
    await store.changePerson(id, { fields: { disabledAt: null }, endsSessions: false, now: START });
    expect((await store.listSessions(id, START)).length).toBe(1);
    expect((await store.acceptLink({ hash: HASH, passwordHash: 'new', now: START }))?.passwordHash).toBe('new');
    expect(await store.listSessions(id, START)).toEqual([]);
  });

  test('an address is one person’s', async () => {
    await using two = await open();
    const { store } = two.one;
    const [a] = [await addPerson(store, 'a@shop.example'), await addPerson(store, 'b@shop.example')];
    expect(await store.changeEmail(a.id, 'b@shop.example', START)).toBe(false);
    expect(await store.changeEmail(a.id, 'a@shop.example', START)).toBe(true);
    expect(await store.changeEmail(a.id, 'c@shop.example', START)).toBe(true);
    expect((await store.findPerson(a.id))?.email).toBe('c@shop.example');
  });

  test('the last owner stays one; who was invited and has set no password does not count', async () => {
    await using two = await open();
    const { store } = two.one;
    const owner = await addPerson(store, 'a@shop.example', { role: 'owner' });
    const invited = await addPerson(store, 'b@shop.example', { role: 'owner', passwordHash: null, linkHash: HASH });
    const demote = (id: number) =>
      store.changePerson(id, { fields: { role: 'staff' }, endsSessions: true, now: START });
    const disable = (id: number) =>
      store.changePerson(id, { fields: { disabledAt: START }, endsSessions: true, now: START });
    expect(await demote(owner.id)).toBe(false);
    expect(await disable(owner.id)).toBe(false);
    await store.acceptLink({ hash: HASH, passwordHash: 'y', now: START });
    const both = await Promise.all(
      [two.one.store, two.two.store].map((node, at) =>
        node.changePerson(at === 0 ? owner.id : invited.id, {
          fields: { role: 'staff' },
          endsSessions: true,
          now: START,
        }),
      ),
    );
    expect(both.toSorted()).toEqual([false, true]);
  });

  test('sessions are listed as they were last used, without what would let anybody use them', async () => {
    await using two = await open();
    const { store } = two.one;
    const { id } = await addPerson(store, 'a@shop.example');
    const add = (at: number, expiresAt: number) =>
      store.addSession({
        hash: Uint8Array.of(at),
        personId: id,
        address: `203.0.113.${at}`,
        userAgent: 'x',
        expiresAt,
        now: START + at,
      });
    await add(1, START + DAY);
    await add(2, START + HOUR);
    await add(3, START + DAY);
    const listed = await store.listSessions(id, START + HOUR);
    expect(listed.map(({ address }) => address)).toEqual(['203.0.113.3', '203.0.113.1']);
    expect(Object.keys(listed[0] ?? {})).not.toContain('hash');
  });

  test('the audit is listed newest first, of a person, an action, or both, page by page', async () => {
    await using two = await open();
    const { store } = two.one;
    const add = (personId: number | null, action: string) =>
      store.beginAudit({ personId, who: 'x', address: '', action, about: '', now: START });
    const ids: number[] = [];
    for (const [personId, action] of [
      [1, 'a'],
      [2, 'a'],
      [1, 'b'],
      [null, 'a'],
      [1, 'a'],
    ] as const) {
      ids.push(await add(personId, action));
    }
    const list = async (personId: number | null, action: string | null, beforeId: number | null = null, limit = 10) =>
      (await store.listAudit({ personId, action, beforeId, limit })).map(({ id }) => ids.indexOf(id));
    expect(await list(null, null)).toEqual([4, 3, 2, 1, 0]);
    expect(await list(null, null, ids[3], 2)).toEqual([2, 1]);
    expect(await list(1, null)).toEqual([4, 2, 0]);
    expect(await list(null, 'a')).toEqual([4, 3, 1, 0]);
    expect(await list(1, 'a')).toEqual([4, 0]);
    expect(await list(1, 'a', ids[4])).toEqual([0]);
  });
}
