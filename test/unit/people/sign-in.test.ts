import { beforeAll, describe, expect, test } from 'bun:test';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { setPasswordByLink } from '../../../src/people/links.ts';
import type { Origin } from '../../../src/people/login/gate.ts';
import { createSignIn, type SignedIn } from '../../../src/people/login/sign-in.ts';
import { checkPassword, hashPassword } from '../../../src/people/passwords.ts';
import { beginTotp, confirmTotp } from '../../../src/people/second-factor/manage.ts';
import { totpCode } from '../../../src/people/second-factor/totp.ts';
import { createSessions } from '../../../src/people/sessions.ts';
import { resetPerson } from '../../../src/people/team.ts';
import { createVault } from '../../../src/security/vault.ts';
import { findRows } from '../../../src/store/table.ts';
import { attachTestStore, openTestStore, type TestStore } from '../../support/store.ts';

const PASSWORD = 'correct horse battery';
const EMAIL = 'owner@shop.example';
const HOME = '198.51.100.20';
const ATTACKER = '203.0.113.66';
let passwordHash = '';
beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
});

const from = (address: string, deviceCookie: string | null = null): Origin => ({
  address,
  deviceCookie,
  userAgent: 'test',
});

/** One process of the desk over a store. */
function openDesk({ store, vault, clock, random }: TestStore, check = checkPassword) {
  const sessions = createSessions({ store, vault, clock, random });
  const signIn = createSignIn({ store, vault, clock, random }, sessions, check);
  return {
    sessions,
    signIn,
    login: (password: string, origin: Origin, email = EMAIL) => signIn.withPassword({ email, password }, origin),
  };
}

async function start() {
  const test = await openTestStore();
  const { store, clock } = test;
  const person = await store.addPerson({
    email: EMAIL,
    name: 'Owner',
    role: 'owner',
    passwordHash,
    linkHash: null,
    linkUntil: null,
    locale: null,
    isFirst: true,
    now: clock.now(),
  });
  if (!person) throw new Error('expected the first person');
  return { ...test, person, ...openDesk(test), [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

const countKinds = (outcomes: readonly { readonly kind: string }[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(outcomes, ({ kind }) => kind)).map(([kind, list]) => [kind, list?.length ?? 0]),
  );

const isIn = (outcome: { readonly kind: string }): SignedIn => {
  if (outcome.kind !== 'in') throw new Error(`expected somebody in, got ${JSON.stringify(outcome)}`);
  return outcome as SignedIn;
};

describe('signing in', () => {
  test('with the right password gives a session; a wrong one and an unknown account are told in the same way', async () => {
    await using desk = await start();
    const { sessionCookie } = isIn(await desk.login(PASSWORD, from(HOME), ' OWNER@shop.example '));
    expect((await desk.sessions.read(sessionCookie))?.person.email).toBe(EMAIL);
    expect(await desk.login('wrong', from(HOME))).toEqual({ kind: 'wrong' });
    expect(await desk.login(PASSWORD, from(HOME), 'nobody@shop.example')).toEqual({ kind: 'wrong' });
  });

  test('is refused to whoever is disabled, or has set no password yet, as if there were no such account', async () => {
    await using desk = await start();
    const now = desk.clock.now();
    await desk.store.addPerson({
      ...{ email: 'new@shop.example', name: 'New', role: 'staff', passwordHash: null, locale: null, isFirst: false },
      ...{ linkHash: null, linkUntil: null, now },
    });
    const gone = await desk.store.addPerson({
      ...{ email: 'gone@shop.example', name: 'Gone', role: 'staff', passwordHash, locale: null, isFirst: false },
      ...{ linkHash: null, linkUntil: null, now },
    });
    await desk.store.changePerson(gone?.id ?? 0, { fields: { disabledAt: now }, endsSessions: true, now });
    expect(await desk.login('', from(HOME), 'new@shop.example')).toEqual({ kind: 'wrong' });
    expect(await desk.login(PASSWORD, from(HOME), 'gone@shop.example')).toEqual({ kind: 'wrong' });
  });

  test('leaves a line for each try, with what happened and from where, but not what a stranger typed', async () => {
    await using desk = await start();
    await desk.login(PASSWORD, from(HOME));
    await desk.login('wrong', from(ATTACKER));
    await desk.login('x', from(ATTACKER), 'hunter2hunter2');
    const lines = await desk.store.listAudit({ personId: null, action: null, beforeId: null, limit: 10 });
    expect(lines.map(({ who, about, address, outcome }) => [who, about, address, outcome])).toEqual([
      ['', 'unknown account', ATTACKER, 'wrong_password'],
      ['Owner', EMAIL, ATTACKER, 'wrong_password'],
      ['Owner', EMAIL, HOME, 'done'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });
});

describe('a session', () => {
  test('ends after half a day without use, and after two weeks however much it is used', async () => {
    await using desk = await start();
    const idle = isIn(await desk.login(PASSWORD, from(HOME))).sessionCookie;
    const used = isIn(await desk.login(PASSWORD, from(HOME))).sessionCookie;
    const days = { lived: 0 };
    for (; days.lived < 20 && (await desk.sessions.read(used)) !== null; days.lived += 0.25)
      desk.clock.advance(6 * HOUR);
    expect(days.lived).toBe(14);
    expect(await desk.sessions.read(idle)).toBeNull();
  });

  test('is good on every node, and ends on all of them at once', async () => {
    await using desk = await start();
    await using node = await attachTestStore(desk.place, 'two', desk.clock);
    const { sessions } = openDesk(node);
    const { sessionCookie } = isIn(await desk.login(PASSWORD, from(HOME)));
    const session = await sessions.read(sessionCookie);
    expect(session?.person.email).toBe(EMAIL);
    await desk.store.endSessions(desk.person.id);
    expect(await sessions.read(sessionCookie)).toBeNull();
  });

  test('of another installation, or with another signature, is none', async () => {
    await using desk = await start();
    const { sessionCookie } = isIn(await desk.login(PASSWORD, from(HOME)));
    const { store, clock, random } = desk;
    const vault = createVault(new Uint8Array(32).fill(9), random);
    expect(await createSessions({ store, clock, random, vault }).read(sessionCookie)).toBeNull();
    const [head = '', body = ''] = sessionCookie.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [`${head}.${body}.`, `${none}.${body}.`, `${head}.${body}.AAAA`, 'x', ''])
      expect(await desk.sessions.read(forged)).toBeNull();
  });
});

describe('1,000 guesses', () => {
  const guess = (desk: ReturnType<typeof openDesk>, count: number, origin: (at: number) => Origin) =>
    Promise.all(Array.from({ length: count }, (_, at) => desk.login(`guess ${at}`, origin(at))));

  test('of one address get ten looked at, and the owner signs in elsewhere meanwhile', async () => {
    await using desk = await start();
    const outcomes = await guess(desk, 1000, () => from(ATTACKER));
    expect(countKinds(outcomes)).toEqual({ wrong: 10, wait: 990 });
    expect(await desk.login(PASSWORD, from(ATTACKER))).toMatchObject({ kind: 'wait' });
    isIn(await desk.login(PASSWORD, from(HOME)));
  });

  test('go on after an hour no faster than twenty an hour', async () => {
    await using desk = await start();
    await guess(desk, 60, () => from(ATTACKER));
    desk.clock.advance(30 * MINUTE);
    expect(countKinds(await guess(desk, 60, () => from(ATTACKER)))).toEqual({ wrong: 10, wait: 50 });
    desk.clock.advance(3 * MINUTE);
    expect(countKinds(await guess(desk, 60, () => from(ATTACKER)))).toEqual({ wrong: 1, wait: 59 });
  });

  test('are counted on, whichever process they go to, and whether it was started again', async () => {
    await using desk = await start();
    await guess(desk, 10, () => from(ATTACKER));
    await using node = await attachTestStore(desk.place, 'two', desk.clock);
    expect(await openDesk(node).login(PASSWORD, from(ATTACKER))).toMatchObject({ kind: 'wait' });
  });

  test('of a thousand addresses get a hundred looked at; who signed in from his address or browser before still does', async () => {
    await using desk = await start();
    const { deviceCookie } = isIn(await desk.login(PASSWORD, from(HOME)));
    // What a hash costs is not what this is about.
    const quick = openDesk(desk, async () => false);
    const outcomes: { readonly kind: string }[] = [];
    for (let batch = 0; batch < 50; batch += 1) {
      outcomes.push(...(await guess(quick, 20, (at) => from(`203.0.${batch}.${at}`))));
      // So that nothing but the account's own limit stands in their way.
      desk.clock.advance(20_000);
    }
    expect(countKinds(outcomes).busy).toBeUndefined();
    expect(outcomes.filter(({ kind }) => kind === 'wrong').length).toBeLessThan(110);
    expect(await desk.login(PASSWORD, from('192.0.2.1'))).toMatchObject({ kind: 'wait' });
    isIn(await desk.login(PASSWORD, from(HOME)));
    isIn(await desk.login(PASSWORD, from('192.0.2.1', deviceCookie)));
  });

  test('at an account are forgotten when its person gets a new link, which is how a locked-out owner comes in', async () => {
    await using desk = await start();
    const quick = openDesk(desk, async () => false);
    for (let at = 0; at < 11; at += 1) {
      await guess(quick, 10, () => from(`203.0.113.${at}`));
      // Only so many of strangers are looked at in a minute.
      if (at === 5) desk.clock.advance(MINUTE);
    }
    const [stranger, publicUrl] = [from('192.0.2.1'), 'https://pay.shop.example'];
    expect(await desk.login(PASSWORD, stranger)).toMatchObject({ kind: 'wait' });
    const { url } = await resetPerson({ ...desk, publicUrl }, desk.person, { dropsTotp: false });
    const set = await setPasswordByLink(desk, url.split('/').at(-1) ?? '', 'another horse battery');
    if (set === null || typeof set === 'string') throw new Error(`the link was refused: ${set}`);
    isIn(await desk.signIn.withLink(set, stranger));
    isIn(await desk.login('another horse battery', from('192.0.2.2')));
  });

  test('of one’s own address, or a proxy’s that hides them all, do not shut out the browser that is known', async () => {
    await using desk = await start();
    const { deviceCookie } = isIn(await desk.login(PASSWORD, from(HOME)));
    await guess(desk, 100, () => from(HOME));
    expect(await desk.login(PASSWORD, from(HOME))).toMatchObject({ kind: 'wait' });
    isIn(await desk.login(PASSWORD, from(HOME, deviceCookie)));
  });

  test('with a stolen browser’s cookie are ten as well, and it is worth nothing for others, or once the password is changed', async () => {
    await using desk = await start();
    const { deviceCookie } = isIn(await desk.login(PASSWORD, from(HOME)));
    expect(countKinds(await guess(desk, 20, () => from(ATTACKER, deviceCookie)))).toEqual({ wrong: 10, wait: 10 });
    const fields = { passwordHash: await hashPassword('another horse battery') };
    await desk.store.changePerson(desk.person.id, { fields, endsSessions: true, now: desk.clock.now() });
    // Counted as a stranger from here on: it is the address that has something left.
    expect(await desk.login('wrong', from(ATTACKER, deviceCookie))).toEqual({ kind: 'wrong' });
  });

  test('leave one line of what was refused, and few rows', async () => {
    await using desk = await start();
    await guess(desk, 1000, () => from(ATTACKER));
    const lines = await desk.store.listAudit({ personId: null, action: 'login', beforeId: null, limit: 100 });
    expect(countKinds(lines.map(({ outcome }) => ({ kind: outcome })))).toEqual({ wrong_password: 10, too_many: 1 });
    expect((await findRows(desk.engine.reader, 'loginLimits', {})).length).toBe(2);
  });

  test('a right password is not counted: who signs in a hundred times is not shut out', async () => {
    await using desk = await start();
    for (let at = 0; at < 15; at += 1) isIn(await desk.login(PASSWORD, from(HOME)));
  });
});

describe('a second factor', () => {
  async function startWithTotp() {
    const desk = await start();
    const { store, vault, clock, random, person } = desk;
    const parts = { store, vault, clock, random, publicUrl: 'https://pay.shop.example' };
    const { secret, setup } = await beginTotp(parts, person);
    const codes = await confirmTotp(parts, person, { setup, code: totpCode(secret, clock.now()) });
    clock.advance(MINUTE);
    const ask = async (origin = from(HOME)) => {
      const outcome = await desk.login(PASSWORD, origin);
      if (outcome.kind !== 'code') throw new Error(`expected to be asked for a code, got ${outcome.kind}`);
      return outcome.ticket;
    };
    const enter = async (code: string, origin = from(HOME)) =>
      desk.signIn.withCode({ ticket: await ask(origin), code }, origin);
    return { ...desk, secret, codes: codes ?? [], ask, enter, now: () => totpCode(secret, clock.now()) };
  }

  test('is asked for after the password, and its code lets in once', async () => {
    await using desk = await startWithTotp();
    isIn(await desk.enter(desk.now()));
    expect(await desk.enter(desk.now())).toEqual({ kind: 'wrong' });
    desk.clock.advance(MINUTE / 2);
    isIn(await desk.enter(desk.now()));
  });

  test('counts only with a ticket of this password that is not older than five minutes', async () => {
    await using desk = await startWithTotp();
    const late = await desk.ask();
    desk.clock.advance(5 * MINUTE);
    expect(await desk.signIn.withCode({ ticket: late, code: desk.now() }, from(HOME))).toEqual({ kind: 'late' });
    for (const ticket of [null, '', 'forged', `${await desk.ask()}x`]) {
      expect(await desk.signIn.withCode({ ticket, code: desk.now() }, from(HOME))).toEqual({ kind: 'late' });
    }
    const ticket = await desk.ask();
    const fields = { passwordHash: await hashPassword('another horse battery') };
    await desk.store.changePerson(desk.person.id, { fields, endsSessions: true, now: desk.clock.now() });
    expect(await desk.signIn.withCode({ ticket, code: desk.now() }, from(HOME))).toEqual({ kind: 'late' });
  });

  test('lets in with a recovery code, each once, and tells how many are left', async () => {
    await using desk = await startWithTotp();
    const [first = '', second = ''] = desk.codes;
    expect(isIn(await desk.enter(first.toUpperCase())).codesLeft).toBe(9);
    expect(await desk.enter(first)).toEqual({ kind: 'wrong' });
    expect(isIn(await desk.enter(second.replace('-', ' '))).codesLeft).toBe(8);
  });

  test('of which the code is guessed lets ten tries through, and the owner in elsewhere', async () => {
    await using desk = await startWithTotp();
    const origin = from(ATTACKER);
    const ticket = await desk.ask(origin);
    const guesses = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        desk.signIn.withCode({ ticket, code: String(at).padStart(6, '0') }, origin),
      ),
    );
    expect(countKinds(guesses)).toEqual({ wrong: 10, wait: 50 });
    isIn(await desk.enter(desk.now()));
  });

  test('is stored sealed, and its recovery codes as hashes', async () => {
    await using desk = await startWithTotp();
    const stored = await desk.rows.dump();
    for (const secret of [desk.secret, ...desk.codes]) expect(stored).not.toContain(secret);
  });

  test('is asked for again before what matters, and guessed at no faster', async () => {
    await using desk = await startWithTotp();
    const person = (await desk.store.findPerson(desk.person.id)) ?? desk.person;
    const confirm = (password: string, code: string) => desk.signIn.confirm(person, { password, code }, from(HOME));
    expect(await confirm('wrong', desk.now())).toEqual({ kind: 'wrong_password' });
    expect(await confirm(PASSWORD, '000000')).toEqual({ kind: 'wrong_code' });
    expect(await confirm(PASSWORD, desk.now())).toEqual({ kind: 'right' });
    for (let at = 0; at < 9; at += 1) await confirm('wrong', '000000');
    expect(await confirm(PASSWORD, desk.now())).toMatchObject({ kind: 'wait' });
    desk.clock.advance(HOUR);
    expect(await confirm(PASSWORD, desk.now())).toEqual({ kind: 'right' });
  });
});
