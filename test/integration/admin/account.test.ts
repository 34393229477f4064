import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { totpCode } from '../../../src/people/second-factor/totp.ts';
import { SESSION_COOKIE } from '../../../src/people/sessions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createBrowser, type DeskClient, OWNER, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { type Browser, enter, isIn, listLines, login, NEW_PASSWORD, readMatch } from './entering.ts';

let app: TestApp;
let owner: DeskClient;
const open = async () => {
  app = await startApp();
  owner = await signInOwner(app);
};
const close = () => app.stop();
const signedIn = (password?: string, email?: string) => enter(app, password, email);
const lines = (action: string) => listLines(app, action);

/** Recovery codes. */
const CODES = /<code>[0-9a-z]{5}-[0-9a-z]{5}<\/code>/g;

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
      const type = (typed: string, of = browser) =>
        of.post('/admin/login/code', { code: typed, next: '/admin/people' }, '/admin/login/code');
      expect((await type('000000')).status).toBe(422);
      expect((await type(code())).location).toBe('/admin/people');
      expect(await isIn(browser)).toBe(true);
      const other = createBrowser(app);
      expect((await type(code(), other)).status).toBe(422);
      await login(other, OWNER.password);
      expect((await type(code(), other)).status).toBe(422);
      expect((await type(codes[0] ?? '', other)).location).toBe('/admin/account');
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
