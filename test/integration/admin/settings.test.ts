import { beforeAll, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { PASSWORD, postsOf, useReceivers, verify } from '../alerts/bench.ts';

const app = useApp({}, 'file');
const receivers = useReceivers();
let owner: DeskClient;
beforeAll(async () => {
  owner = await signInOwner(app);
});

const email = () => ({
  ...{ form: 'email', 'email.on': 'on', 'email.host': '127.0.0.1', 'email.port': String(receivers.mail.port) },
  ...{ 'email.security': 'none', 'email.user': 'owner', 'email.password': PASSWORD },
  ...{ 'email.from': 'paycore@shop.example', 'email.to': 'owner@shop.example' },
});

const actionsOf = (text: string) => [...text.matchAll(/data-action="([\w-]+)"/g)].map(([, name]) => name);

describe('the settings page', () => {
  test('says what the installation runs with, and no secret of it', async () => {
    const page = await owner.get('/admin/settings');
    expect(page.text).toContain('data-page="settings"');
    const text = readText(page.text);
    for (const told of [
      app.url,
      'SQLite',
      'Asia/Taipei',
      'TWD',
      app.deps.vault.keyId,
      app.folder,
      'PAYCORE_NOTIFY_ALLOW',
    ])
      expect(text).toContain(told);
    // What stands in the place of gateways is told: it may not be real money that comes in.
    expect(text).toContain('綠界 ECPay');
    expect(page.text).not.toContain(Buffer.alloc(32, 7).toString('base64'));
    expect(readText((await owner.post('/admin/settings/test')).text)).toContain('還沒有任何設定');
  });

  test('sets alerts by mail up; the password is never shown again, not even where a form is wrong', async () => {
    const saved = await owner.post('/admin/settings/email', email());
    expect([saved.status, saved.location]).toEqual([303, '/admin/settings']);
    const page = await owner.get('/admin/settings');
    expect(readText(page.text)).toContain('已儲存');
    expect(page.text).toContain('value="owner@shop.example"');
    expect(page.text).not.toContain(PASSWORD);
    const wrong = await owner.post('/admin/settings/email', { ...email(), 'email.to': 'nobody', 'email.port': '0' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="nobody"');
    expect(wrong.text).toContain('id="email.to-wrong"');
    expect(wrong.text).not.toContain(PASSWORD);
    const [audit] = (await app.rows.audit()).filter(
      ({ action, outcome }) => action === 'save-alert-email' && outcome === 'done',
    );
    expect(audit).toMatchObject({ about: 'email', before: { on: false }, after: { on: true, has_secret: true } });
    expect(JSON.stringify(audit)).not.toContain(PASSWORD);
  });

  test('shows the webhook’s secret once, and a new one when it is replaced', async () => {
    const made = await owner.post('/admin/settings/webhook', {
      form: 'webhook',
      'webhook.on': 'on',
      'webhook.url': `${receivers.hook.url}/x`,
    });
    expect(made.status).toBe(200);
    const [audit] = (await app.rows.audit()).filter(({ action }) => action === 'save-alert-webhook');
    expect(audit?.after).toMatchObject({ url: `${receivers.hook.url}/…` });
    const secretOf = (text: string) => /value="(whsec_[^"]+)"/.exec(text)?.[1];
    const secret = secretOf(made.text);
    expect(secret).toBeDefined();
    expect(secretOf((await owner.get('/admin/settings')).text)).toBeUndefined();
    const replaced = await owner.post('/admin/settings/webhook/rotate');
    expect(secretOf(replaced.text)).not.toBe(secret);
    await owner.post('/admin/settings/test');
    expect(() => verify(secret ?? '', receivers.hook)).toThrow();
    const inside = await owner.post('/admin/settings/webhook', { form: 'webhook', 'webhook.url': 'http://10.0.0.1/' });
    expect([inside.status, readText(inside.text).includes('PAYCORE_NOTIFY_ALLOW')]).toEqual([422, true]);
  });

  test('sends a test alert and says in words how it went', async () => {
    await owner.post('/admin/settings/email', email());
    await owner.post('/admin/settings/webhook', { form: 'webhook', 'webhook.url': `${receivers.hook.url}/x` });
    receivers.hook.answer = () => new Response('no', { status: 500 });
    const told = await owner.post('/admin/settings/test');
    expect([...told.text.matchAll(/data-test-result="(\w+)"/g)].map(([, result]) => result)).toEqual([
      ...['sent', 'failed'],
    ]);
    expect(readText(told.text)).toContain('the webhook answered HTTP 500');
    expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: 測試通知']);
    expect(postsOf(receivers)).toMatchObject([{ kind: 'test' }]);
  });

  test('asks for a summary once a day, and lists what went out', async () => {
    await owner.post('/admin/settings/email', email());
    await owner.post('/admin/settings/summary', { form: 'summary', 'summary.on': 'on', 'summary.at': '15:40' });
    app.clock.advance(10 * 60_000);
    await app.tell();
    expect(receivers.mail.received.length).toBe(1);
    const page = await owner.get('/admin/settings');
    expect(readText(page.text)).toContain('收款摘要');
    expect(page.text).toContain('value="15:40"');
  });

  test('is for the owner to change; staff sees what it runs with', async () => {
    const before = await app.deps.store.listAlertChannels();
    const staff = await signInStaff(app);
    const page = await staff.get('/admin/settings');
    expect([page.status, actionsOf(page.text).filter((name) => name !== 'logout')]).toEqual([200, []]);
    expect(page.text).not.toContain('smtp');
    for (const path of ['email', 'webhook', 'webhook/rotate', 'summary', 'test']) {
      expect((await staff.post(`/admin/settings/${path}`, email())).status).toBe(403);
    }
    expect(await app.deps.store.listAlertChannels()).toEqual(before);
    expect(actionsOf((await owner.get('/admin/settings')).text)).toEqual(
      expect.arrayContaining(['save-alert-email', 'save-alert-webhook', 'save-alert-summary', 'test-alert']),
    );
  });
});
