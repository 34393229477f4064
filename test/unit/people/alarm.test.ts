import { expect, test } from 'bun:test';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import type { Origin } from '../../../src/people/login/gate.ts';
import { createSignIn } from '../../../src/people/login/sign-in.ts';
import { createSessions } from '../../../src/people/sessions.ts';
import { present } from '../../support/parts.ts';
import { openTestStore } from '../../support/store.ts';

/** Who guesses at a password for so long that no more is taken is told of outside the desk. */

const EMAIL = 'owner@shop.example';
const GUESSES = 12;

const from = (address: string): Origin => ({ address, deviceCookie: null, userAgent: 'test' });

/** A desk with an owner and an alert webhook, where no password is right. */
async function start() {
  const bench = await openTestStore();
  const { store, vault, clock, random } = bench;
  const fields = { email: EMAIL, name: 'Owner', role: 'owner', passwordHash: 'x', locale: null } as const;
  const added = await store.addPerson({ ...fields, linkHash: null, linkUntil: null, isFirst: true, now: clock.now() });
  await store.saveAlertChannel('webhook', { isOn: true, config: { url: 'https://a.example/' } }, clock.now());
  const parts = { store, vault, clock, random };
  const signIn = createSignIn(parts, createSessions(parts), async () => false);
  return {
    ...{ clock, signIn, person: present(added) },
    async guess(address: string, email = EMAIL) {
      for (let n = 0; n < GUESSES; n += 1) await signIn.withPassword({ email, password: 'wrong' }, from(address));
    },
    alarms: async () => (await store.listAlerts(10)).map(({ kind, data }) => [kind, data.account, data.address]),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test('once an hour at most, however many guess from wherever; at accounts that nobody has, not at all', async () => {
  await using desk = await start();
  await desk.guess('203.0.113.1', 'nobody@shop.example');
  expect(await desk.alarms()).toEqual([]);
  await desk.guess('203.0.113.2');
  await desk.guess('203.0.113.3');
  expect(await desk.alarms()).toEqual([['login_lockout', EMAIL, '203.0.113.2']]);
  desk.clock.advance(HOUR + MINUTE);
  await desk.guess('203.0.113.4');
  expect(await desk.alarms()).toHaveLength(2);
});

test('also where somebody is in, and is asked for the password again', async () => {
  await using desk = await start();
  for (let n = 0; n < GUESSES; n += 1)
    await desk.signIn.confirm(desk.person, { password: 'wrong' }, from('203.0.113.5'));
  expect(await desk.alarms()).toEqual([['login_lockout', EMAIL, '203.0.113.5']]);
});
