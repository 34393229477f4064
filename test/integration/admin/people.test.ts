import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { totpCode } from '../../../src/people/second-factor/totp.ts';
import { SESSION_COOKIE } from '../../../src/people/sessions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createBrowser, type DeskClient, OWNER, readText, signInOwner, signInStaff } from '../../support/desk.ts';

let app: TestApp;
let owner: DeskClient;
const open = async () => {
  app = await startApp();
  owner = await signInOwner(app);
};
const close = () => app.stop();

/** Recovery codes. */
const CODES = /<code>[0-9a-z]{5}-[0-9a-z]{5}<\/code>/g;
const NEW_PASSWORD = 'bubble tea with less ice';

type Browser = ReturnType<typeof createBrowser>;

const login = (browser: Browser, password: string, email: string = OWNER.email, fields = {}) =>
  browser.post('/admin/login', { email, password, ...fields }, '/admin/login');

/** A browser in which somebody has signed in by the page. */
async function signedIn(password: string = OWNER.password, email: string = OWNER.email): Promise<Browser> {
  const browser = createBrowser(app);
  const answer = await login(browser, password, email);
  if (answer.status !== 303) throw new Error(`expected to be in, got ${answer.status} ${readText(answer.text)}`);
  return browser;
}

const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/admin')).status === 200;
const readMatch = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
const lines = (action: string) => app.deps.store.listAudit({ personId: null, action, beforeId: null, limit: 20 });

describe('the login page', () => {
  beforeAll(open);
  afterAll(close);

  test('lets in, leads where one wanted to go, and is left by the button', async () => {
    const browser = createBrowser(app);
    const page = await browser.get('/admin/login?next=%2Fadmin%2Fpeople');
    expect(page.text).toContain('data-page="login"');
    expect(page.text).toContain('data-action="login"');
    const answer = await login(browser, OWNER.password, OWNER.email, { next: '/admin/people' });
    expect([answer.status, answer.location]).toEqual([303, '/admin/people']);
    const people = await browser.get('/admin/people');
    expect(people.text).toContain('data-action="logout"');
    const out = await browser.post('/admin/logout');
    expect(out.location).toBe('/admin/login');
    expect(await isIn(browser)).toBe(false);
    expect((await lines('logout')).map(({ outcome }) => outcome)).toEqual(['done']);
  });

  test('ends the session of which somebody kept the cookie when its person signs out', async () => {
    const browser = await signedIn();
    const thief = createBrowser(app, new Map(browser.cookies));
    expect(await isIn(thief)).toBe(true);
    await browser.post('/admin/logout');
    expect(await isIn(thief)).toBe(false);
  });

  test('leads nowhere else than to the desk', async () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/admin/../pay',
      '/admin\\@evil.example',
      '/adminx',
    ]) {
      const answer = await login(createBrowser(app), OWNER.password, OWNER.email, { next });
      expect(answer.location).not.toContain('evil');
      expect(answer.location).toStartWith('/admin');
    }
  });

  test('says the same of a wrong password and of nobody, keeps the address, and never the password', async () => {
    const wrong = await login(createBrowser(app), 'hunter2hunter2');
    const nobody = await login(createBrowser(app), 'hunter2hunter2', 'nobody@shop.example');
    expect([wrong.status, nobody.status]).toEqual([422, 422]);
    const sentence = '電子郵件或密碼不正確。';
    expect(readText(wrong.text)).toContain(sentence);
    expect(readText(nobody.text)).toContain(sentence);
    expect(nobody.text).toContain('value="nobody@shop.example"');
    expect(wrong.text).not.toContain('hunter2');
  });

  test('refuses a form that another site sent, or that was made for another browser', async () => {
    const browser = createBrowser(app);
    const token = await createBrowser(app).csrf('/admin/login');
    for (const csrf of ['', 'x', token]) {
      await browser.get('/admin/login');
      const answer = await login(browser, OWNER.password, OWNER.email, { csrf });
      expect(answer.status).toBe(403);
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
    }
  });

  test('gives a new session each time, and ends the one before in the same browser', async () => {
    const browser = await signedIn();
    const first = browser.cookies.get(SESSION_COOKIE) ?? '';
    await login(browser, OWNER.password);
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(first);
    expect(await isIn(createBrowser(app, new Map([[SESSION_COOKIE, first]])))).toBe(false);
    expect(await isIn(browser)).toBe(true);
  });

  test('sets cookies that no script reads and no other site sends', async () => {
    const browser = createBrowser(app);
    const answer = await login(browser, OWNER.password);
    const set = answer.headers.getSetCookie();
    expect(set.length).toBeGreaterThanOrEqual(2);
    for (const cookie of set) expect(cookie).toMatch(/; Path=\/admin; HttpOnly; SameSite=(Lax|Strict)/);
  });

  test('of one address turns away who guesses, in words and with a status of its own', async () => {
    const browser = createBrowser(app);
    const token = await browser.csrf('/admin/login');
    let refused = null;
    for (let at = 0; at < 12 && refused === null; at += 1) {
      const answer = await login(browser, `wrong ${at}`, OWNER.email, { csrf: token });
      if (answer.status === 429) refused = { at, text: readText(answer.text) };
    }
    expect(refused?.at).toBe(10);
    expect(refused?.text).toContain('分鐘後再試');
  });
});

describe('people', () => {
  beforeEach(open);
  afterEach(close);

  const invite = (fields: Readonly<Record<string, string>> = {}) =>
    owner.post('/admin/people/invite', { name: '陳小姐', email: 'chen@shop.example', role: 'staff', ...fields });
  const linkOf = (text: string): string => new URL(readMatch(text, /data-link="([^"]+)"/)).pathname;
  const chen = async () => {
    const person = await app.deps.store.findPersonByEmail('chen@shop.example');
    if (!person) throw new Error('expected somebody who was invited');
    return person;
  };
  const welcome = async (path: string, password = NEW_PASSWORD) => {
    const browser = createBrowser(app);
    return { browser, answer: await browser.post(path, { password }, path) };
  };

  test('are invited by a link that is shown once, and set their own password', async () => {
    const made = await invite({ refunds: 'on' });
    const path = linkOf(made.text);
    expect((await owner.get('/admin/people')).text).not.toContain(path);
    const { browser, answer } = await welcome(path);
    expect(answer.location).toBe('/admin');
    expect(await isIn(browser)).toBe(true);
    expect(await chen()).toMatchObject({ role: 'staff', mayRefund: true, linkHash: null });
    expect(await isIn(await signedIn(NEW_PASSWORD, 'chen@shop.example'))).toBe(true);
    const again = createBrowser(app);
    expect((await again.get(path)).status).toBe(404);
    expect((await lines('invite-person'))[0]).toMatchObject({ who: OWNER.name, about: 'chen@shop.example' });
    expect(JSON.stringify(await lines('invite-person'))).not.toContain(path);
  });

  test('may not choose a weak password, and the link stays good', async () => {
    const path = linkOf((await invite()).text);
    expect((await welcome(path, 'short')).answer.status).toBe(422);
    expect((await welcome(path, 'chen@shop.example')).answer.status).toBe(422);
    expect((await welcome(path)).answer.status).toBe(303);
  });

  test('cannot be invited by an address that is taken or none, and what was typed is kept', async () => {
    for (const email of [OWNER.email, OWNER.email.toUpperCase(), 'nonsense']) {
      const answer = await invite({ email });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('陳小姐');
    }
    expect((await app.deps.store.listPeople()).length).toBe(1);
  });

  test('are signed out at once when disabled, and come back when enabled', async () => {
    const { browser } = await welcome(linkOf((await invite()).text));
    const { id } = await chen();
    await owner.post(`/admin/people/${id}/disable`);
    expect(await isIn(browser)).toBe(false);
    expect((await login(createBrowser(app), NEW_PASSWORD, 'chen@shop.example')).status).toBe(422);
    await owner.post(`/admin/people/${id}/enable`);
    expect(await isIn(await signedIn(NEW_PASSWORD, 'chen@shop.example'))).toBe(true);
  });

  test('are signed out when their role changes, and may at once what they may', async () => {
    const { browser } = await welcome(linkOf((await invite()).text));
    const { id } = await chen();
    await owner.post(`/admin/people/${id}/refunds`, { allowed: 'on' });
    expect((await chen()).mayRefund).toBe(true);
    expect(await isIn(browser)).toBe(true);
    await owner.post(`/admin/people/${id}/role`, { role: 'owner' });
    expect(await isIn(browser)).toBe(false);
    expect(await chen()).toMatchObject({ role: 'owner', mayRefund: false });
    expect((await lines('change-role'))[0]).toMatchObject({ before: { role: 'staff' }, after: { role: 'owner' } });
    expect((await owner.post(`/admin/people/${id}/role`, { role: 'king' })).status).toBe(422);
  });

  test('keep one owner, who cannot shut himself out', async () => {
    for (const action of ['disable', 'role', 'refunds', 'link']) {
      const answer = await owner.post(`/admin/people/${owner.person.id}/${action}`, { role: 'staff', allowed: 'on' });
      expect([action, answer.status]).toEqual([action, 409]);
    }
    expect(await app.deps.store.findPerson(owner.person.id)).toMatchObject({ role: 'owner', disabledAt: null });
    expect((await owner.post('/admin/people/999/disable')).status).toBe(404);
  });

  test('who are locked out get a new link: password, sessions and, if asked for, the second step end', async () => {
    const { browser } = await welcome(linkOf((await invite()).text));
    const { id } = await chen();
    await app.deps.store.changePerson(id, {
      fields: { totpSecret: Uint8Array.of(1), recoveryCodes: ['x'] },
      endsSessions: false,
      now: app.clock.now(),
    });
    const answer = await owner.post(`/admin/people/${id}/link`, { totp: 'on' });
    expect(await isIn(browser)).toBe(false);
    expect((await login(createBrowser(app), NEW_PASSWORD, 'chen@shop.example')).status).toBe(422);
    expect(await chen()).toMatchObject({ totpSecret: null, recoveryCodes: [] });
    const next = await welcome(linkOf(answer.text), 'milk tea without sugar');
    expect(await isIn(next.browser)).toBe(true);
  });

  test('are seen by staff, and changed by owners only', async () => {
    await invite();
    const staff = await signInStaff(app);
    const page = await staff.get('/admin/people');
    expect(page.status).toBe(200);
    expect(page.text).toContain('chen@shop.example');
    expect(page.text).not.toContain('data-action="invite-person"');
    expect((await staff.get(`/admin/people/${(await chen()).id}`)).status).toBe(403);
  });

  test('whose names hold markup are shown as they are', async () => {
    await invite({ name: '<b>陳</b>' });
    const page = await owner.get('/admin/people');
    expect(page.text).not.toContain('<b>陳');
    expect(page.text).toContain('&lt;b>陳');
  });
});

describe('one’s own account', () => {
  beforeEach(open);
  afterEach(close);

  test('changes name and language, and the page speaks it from then on', async () => {
    const answer = await owner.post('/admin/account/profile', { name: 'Boss', language: 'en' });
    expect(answer.location).toBe('/admin/account?locale=en');
    await owner.get('/admin/account?locale=en');
    expect(readText((await owner.get('/admin/account')).text)).toContain('My account');
    expect((await owner.post('/admin/account/profile', { name: ' ', language: 'en' })).status).toBe(422);
  });

  test('changes the e-mail with the password only', async () => {
    const change = (current: string, email = 'new@shop.example') =>
      owner.post('/admin/account/email', { email, current });
    expect((await change('wrong')).status).toBe(422);
    expect((await change(OWNER.password)).location).toBe('/admin/account');
    expect(await isIn(await signedIn(OWNER.password, 'new@shop.example'))).toBe(true);
    expect((await login(createBrowser(app), OWNER.password)).status).toBe(422);
  });

  test('changes the password, which ends every other session and no device’s but this one is known any more', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const change = (current: string, password: string) => here.post('/admin/account/password', { current, password });
    expect((await change('wrong', NEW_PASSWORD)).status).toBe(422);
    expect((await change(OWNER.password, 'short')).status).toBe(422);
    const answer = await change(OWNER.password, NEW_PASSWORD);
    expect(answer.location).toBe('/admin/account');
    expect([await isIn(here), await isIn(there), await isIn(owner)]).toEqual([true, false, false]);
    expect((await login(createBrowser(app), OWNER.password)).status).toBe(422);
    expect(await isIn(await signedIn(NEW_PASSWORD))).toBe(true);
    const entries = JSON.stringify(await lines('change-password'));
    for (const secret of [OWNER.password, NEW_PASSWORD]) expect(entries).not.toContain(secret);
  });

  test('lists its sessions with device and address, and ends one or all others', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const page = await one.get('/admin/account');
    expect(readText(page.text)).toContain('127.0.0.1');
    const ids = [...page.text.matchAll(/action="\/admin\/account\/sessions\/(\d+)\/end"/g)].map(([, id = '']) => id);
    expect(ids.length).toBe(2);
    for (const id of ids) await one.post(`/admin/account/sessions/${id}/end`);
    expect([await isIn(one), await isIn(two), await isIn(owner)]).toEqual([true, false, false]);
    const three = await signedIn();
    await one.post('/admin/account/sessions/end');
    expect([await isIn(one), await isIn(three)]).toEqual([true, false]);
  });

  test('cannot end a session of somebody else', async () => {
    const staff = await signInStaff(app);
    const page = await owner.get('/admin/account');
    expect(page.text).not.toContain('/end"');
    const [session] = await app.deps.store.listSessions(owner.person.id, app.clock.now());
    await staff.post(`/admin/account/sessions/${session?.id}/end`);
    expect(await isIn(owner)).toBe(true);
  });

  describe('with a second step', () => {
    /** Sets it up as a person does. */
    async function setUp(browser: Browser) {
      const page = await browser.get('/admin/account/totp');
      const secret = readMatch(page.text, /data-totp-secret="true">([^<]+)</).replace(/ /g, '');
      const setup = readMatch(page.text, /name="setup" value="([^"]+)"/);
      const code = () => totpCode(secret, app.clock.now());
      const send = (fields: Readonly<Record<string, string>>) =>
        browser.post('/admin/account/totp', { setup, code: code(), current: OWNER.password, ...fields });
      return { page, secret, code, send };
    }

    async function on() {
      const browser = await signedIn();
      const { send, code } = await setUp(browser);
      const done = await send({});
      const codes = [...done.text.matchAll(/<code>([0-9a-z]{5}-[0-9a-z]{5})<\/code>/g)].map(([, one = '']) => one);
      app.clock.advance(MINUTE);
      return { browser, code, codes, done };
    }

    test('is set up by its first code and the password; the codes for bad days are shown once', async () => {
      const browser = await signedIn();
      const { page, send } = await setUp(browser);
      expect(page.text).toContain('<svg');
      expect((await send({ code: '000000' })).status).toBe(422);
      expect((await send({ current: 'wrong' })).status).toBe(422);
      const done = await send({});
      expect(done.text.match(CODES)?.length).toBe(10);
      expect((await browser.get('/admin/account')).text).not.toMatch(CODES);
    });

    test('is asked for, each code once, and by nobody who did not give the password', async () => {
      const { code, codes } = await on();
      const browser = createBrowser(app);
      const asked = await login(browser, OWNER.password, OWNER.email, { next: '/admin/people' });
      expect(asked.location).toBe('/admin/login/code?next=%2Fadmin%2Fpeople');
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
      const enter = (typed: string, of = browser) =>
        of.post('/admin/login/code', { code: typed, next: '/admin/people' }, '/admin/login/code');
      expect((await enter('000000')).status).toBe(422);
      expect((await enter(code())).location).toBe('/admin/people');
      expect(await isIn(browser)).toBe(true);
      const other = createBrowser(app);
      expect((await enter(code(), other)).status).toBe(422);
      await login(other, OWNER.password);
      expect((await enter(code(), other)).status).toBe(422);
      expect((await enter(codes[0] ?? '', other)).location).toBe('/admin/account');
      expect(readText((await other.get('/admin/account')).text)).toContain('還剩 9 組');
    });

    test('is switched off with password and code only, and so are new recovery codes made', async () => {
      const { browser, code, codes } = await on();
      const send = (path: string, fields: Readonly<Record<string, string>>) =>
        browser.post(`/admin/account/totp/${path}`, fields);
      for (const path of ['disable', 'codes']) {
        expect((await send(path, { current: 'wrong', code: code() })).status).toBe(422);
        expect((await send(path, { current: OWNER.password, code: '000000' })).status).toBe(422);
      }
      const renewed = await send('codes', { current: OWNER.password, code: code() });
      expect(renewed.text.match(CODES)?.length).toBe(10);
      expect((await send('disable', { current: OWNER.password, code: codes[0] ?? '' })).status).toBe(422);
      app.clock.advance(MINUTE);
      expect((await send('disable', { current: OWNER.password, code: code() })).location).toBe('/admin/account');
      expect(await isIn(await signedIn())).toBe(true);
    });
  });
});

describe('the audit log', () => {
  beforeAll(open);
  afterAll(close);

  test('shows who did what, from where, and what it was before', async () => {
    const staff = await signInStaff(app);
    await owner.post(`/admin/people/${staff.person.id}/refunds`, { allowed: 'on' });
    const page = await owner.get('/admin/audit');
    expect(page.text).toContain('data-page="audit"');
    expect(page.text).toContain('data-audit="change-refunds"');
    const text = readText(page.text);
    expect(text).toContain(OWNER.name);
    expect(text).toContain(staff.person.email);
    expect(text).toContain('127.0.0.1');
    expect(text).toMatch(/may_refund\s+false\s+→\s+true/);
    expect((await staff.get('/admin/audit')).status).toBe(403);
  });

  test('is filtered by person and action, and goes back page by page to the first entry', async () => {
    const staff = await signInStaff(app);
    for (let at = 0; at < 60; at += 1) {
      await app.deps.store.beginAudit({
        ...{ personId: at % 2 ? owner.person.id : staff.person.id, who: `who ${at}`, address: '' },
        ...{ action: at % 3 ? 'sync' : 'refund', about: `about-${at}-`, now: app.clock.now() },
      });
    }
    const seen: string[] = [];
    for (let path: string | null = '/admin/audit'; path !== null; ) {
      const { text } = await owner.get(path);
      seen.push(...[...text.matchAll(/about-(\d+)-/g)].map(([, at = '']) => at));
      path = readMatch(text, /href="([^"]+)"[^>]*rel="next"/).replaceAll('&amp;', '&') || null;
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, at) => String(59 - at)));
    const filtered = await owner.get(`/admin/audit?person=${owner.person.id}&action=refund`);
    expect([...filtered.text.matchAll(/about-(\d+)-/g)].map(([, at]) => Number(at) % 6)).toEqual(Array(10).fill(3));
  });
});
