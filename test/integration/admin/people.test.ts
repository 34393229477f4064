import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { startApp, type TestApp } from '../../support/app.ts';
import { createBrowser, type DeskClient, OWNER, signInOwner, signInStaff } from '../../support/desk.ts';
import { enter, isIn, listLines, login, NEW_PASSWORD, readMatch } from './entering.ts';

let app: TestApp;
let owner: DeskClient;
const open = async () => {
  app = await startApp();
  owner = await signInOwner(app);
};
const close = () => app.stop();
const signedIn = (password?: string, email?: string) => enter(app, password, email);
const lines = (action: string) => listLines(app, action);

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
