import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { HOUR } from '../../../src/core/time.ts';
import { SESSION_COOKIE } from '../../../src/people/sessions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createBrowser, type DeskClient, OWNER, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { enter, isIn, listLines, login, readMatch } from './entering.ts';

let app: TestApp;
let owner: DeskClient;
const open = async () => {
  app = await startApp();
  owner = await signInOwner(app);
};
const close = () => app.stop();
const signedIn = (password?: string, email?: string) => enter(app, password, email);
const lines = (action: string) => listLines(app, action);

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
    // What others tried before is there again.
    app.clock.advance(HOUR);
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
    expect((await staff.get('/admin/people')).text).not.toContain('href="/admin/audit"');
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
