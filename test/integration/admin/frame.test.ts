import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startApp, type TestApp } from '../../support/app.ts';
import { createBrowser, type DeskClient, readText, signInOwner } from '../../support/desk.ts';

let app: TestApp;
let owner: DeskClient;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

describe('the desk', () => {
  test('leads to the set-up while there is nobody, and to the login afterwards', async () => {
    const browser = createBrowser(app);
    expect((await browser.get('/admin')).location).toBe('/admin/setup');
    owner = await signInOwner(app);
    expect((await browser.get('/admin')).location).toBe('/admin/login');
    expect((await browser.get('/admin?kind=test')).location).toBe('/admin/login?next=%2Fadmin%3Fkind%3Dtest');
  });

  test('shows who is signed in, and what is in view', async () => {
    const page = await owner.get('/admin');
    expect(page.status).toBe(200);
    expect(page.text).toContain('data-page="overview"');
    expect(readText(page.text)).toContain('林老闆');
  });

  test('keeps the view from page to page: project, test or live, language', async () => {
    const moved = await owner.get('/admin?kind=test&locale=en');
    expect([moved.status, moved.location]).toEqual([303, '/admin']);
    expect(readText((await owner.get('/admin')).text)).toContain('Test mode: none of this is real money');
    await owner.get('/admin?kind=live&locale=zh-tw');
    expect(readText((await owner.get('/admin')).text)).not.toContain('測試模式');
  });

  test('a session that was made elsewhere or changed by a letter opens nothing', async () => {
    const [[name, value] = ['', '']] = owner.cookies;
    const forged = createBrowser(app, new Map([[name, `${value.slice(0, -2)}xx`]]));
    expect((await forged.get('/admin')).location).toBe('/admin/login');
  });

  test('a session that was not used for half a day has ended', async () => {
    const browser = await signInOwner(app);
    app.clock.advance(12 * 3600 * 1000 + 1);
    expect((await browser.get('/admin')).location).toBe('/admin/login');
  });
});
