import { describe, expect, setSystemTime, test } from 'bun:test';
import { changeAlerts } from '../../../src/alerts/settings.ts';
import { sendTestAlert } from '../../../src/alerts/trial.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { useApp, useApps } from '../../support/apps.ts';
import { PASSWORD, postsOf, switchOn, useReceivers, verify } from './bench.ts';

const app = useApp({ alerts: { mailTimeoutMs: 300 } });
const start = useApps();
const receivers = useReceivers();

const raise = (about: string) =>
  app.deps.store.raiseAlert({ kind: 'backup_failed', about, data: { reason: `disk ${about}` } }, app.clock.now());

const statesOf = async (channel: string) =>
  (await app.deps.store.listAlerts(100)).filter((one) => one.channel === channel).map(({ state }) => state);

describe('mails', () => {
  test('have together what came together, and are ten minutes apart at least', async () => {
    await switchOn(app, receivers);
    for (const about of ['a', 'b', 'c']) await raise(about);
    await app.tell();
    expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: 3 件事需要處理']);
    const { text } = receivers.mail.received[0] ?? { text: '' };
    expect(['a', 'b', 'c'].map((about) => text.includes(`disk ${about}`))).toEqual([true, true, true]);
    for (let n = 0; n < 60; n += 1) {
      await raise(`minute ${n}`);
      app.clock.advance(MINUTE);
      await app.tell();
    }
    expect(receivers.mail.received.length).toBe(1 + 6);
    expect(receivers.mail.received.reduce((sum, { text }) => sum + (text.match(/disk/g)?.length ?? 0), 0)).toBe(63);
  });

  test('to a server that hangs hold up nothing: not shops, not the webhook, not requests', async () => {
    await switchOn(app, receivers);
    receivers.mail.answer.CONNECT = () => null;
    await raise('a');
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    await app.work();
    await app.program.jobs.notifications.settled();
    expect(app.shop.received.length).toBe(1);
    await app.program.settled();
    expect([postsOf(receivers).length, await statesOf('webhook')]).toEqual([1, ['delivered']]);
    expect(await app.deps.store.listAlerts(10)).toMatchObject([
      { channel: 'webhook' },
      { channel: 'email', state: 'pending', lastError: expect.stringContaining('mail server 127.0.0.1') },
    ]);
  });

  test('that nobody takes are tried again for a day, then dead; the reason is kept', async () => {
    await switchOn(app, receivers);
    receivers.mail.answer.RCPT = () => '450 4.2.0 come back later';
    await raise('a');
    for (let n = 0; n < 26; n += 1) {
      await app.tell();
      app.clock.advance(HOUR);
    }
    expect(await statesOf('email')).toEqual(['dead']);
    const [alert] = (await app.deps.store.listAlerts(10)).filter(({ channel }) => channel === 'email');
    expect(alert?.tries).toBeGreaterThan(5);
    expect(alert?.lastError).toContain('come back later');
    const tried = receivers.mail.connections;
    app.clock.advance(DAY);
    await app.tell();
    expect(receivers.mail.connections).toBe(tried);
  });

  test('wait no longer once the settings are mended', async () => {
    await switchOn(app, receivers, { email: { ...EMAIL(), password: 'wrong' } });
    await raise('a');
    await app.tell();
    expect([receivers.mail.received.length, await statesOf('email')]).toEqual([0, ['pending']]);
    await changeAlerts(app.deps, { email: { password: PASSWORD } });
    await app.tell();
    expect([receivers.mail.received.length, await statesOf('email')]).toEqual([1, ['delivered']]);
  });
});

const EMAIL = () => ({
  ...{ on: true, host: '127.0.0.1', port: receivers.mail.port, security: 'none', user: 'owner' },
  ...{ from: 'paycore@shop.example', to: 'owner@shop.example' },
});

describe('the webhook', () => {
  test('is signed as Standard Webhooks says, with its own secret; a repeated try has the same id and body', async () => {
    const secret = await switchOn(app, receivers);
    receivers.hook.answer = () => new Response('no', { status: 500 });
    await raise('a');
    await app.tell();
    receivers.hook.answer = null;
    app.clock.advance(MINUTE);
    await app.tell();
    const [first, second, ...more] = receivers.hook.received;
    expect(more).toEqual([]);
    expect([second?.body, second?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
    try {
      setSystemTime(app.clock.now());
      expect(verify(secret, receivers.hook, 1)).toMatchObject({ event: 'alert', kind: 'backup_failed' });
      expect(() => verify(app.keys.test.notification_secret, receivers.hook, 1)).toThrow();
    } finally {
      setSystemTime();
    }
    const failed = await app.deps.store.listAlertChannels();
    expect(failed.find(({ name }) => name === 'webhook')).toMatchObject({ lastError: null });
  });

  test('reaches public addresses only, unless they are allowed', async () => {
    const closed = await start({
      env: { PAYCORE_NOTIFY_ALLOW: '' },
      lookup: async () => [{ address: '10.0.0.7', family: 4 }],
    });
    const set = (url: string) => changeAlerts(closed.deps, { webhook: { on: true, url } });
    for (const url of [`${receivers.hook.url}/x`, 'http://localhost/x', 'http://169.254.169.254/', 'ftp://a.example/'])
      await expect(set(url)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await set('https://looks-public.example/hook');
    await closed.deps.store.raiseAlert({ kind: 'backup_failed', about: 'a' }, closed.clock.now());
    await closed.tell();
    const [alert] = await closed.deps.store.listAlerts(1);
    expect(alert?.lastError).toContain('10.0.0.7');
    expect(alert?.lastError).toContain('PAYCORE_NOTIFY_ALLOW');
  });
});

test('what was being sent by a process that is gone is sent by the next one: at once where it serves alone', async () => {
  await switchOn(app, receivers);
  const claim = { channel: 'email', now: app.clock.now(), limit: 10, owner: 'gone', leaseMs: 2 * MINUTE } as const;
  await raise('a');
  expect((await app.deps.store.claimAlerts(claim)).length).toBe(1);
  await app.tell();
  expect(receivers.mail.received.length).toBe(0);
  await app.restart();
  // Of a process that never was a node of its database nobody knows that it is gone: its time has to end.
  if (app.deps.store.isShared) app.clock.advance(2 * MINUTE);
  await app.tell();
  expect(receivers.mail.received.length).toBe(1);
});

describe('a test alert', () => {
  test('goes out at once on every channel that is set up, and says how it went', async () => {
    expect(await sendTestAlert(app.deps)).toEqual([]);
    await switchOn(app, receivers);
    expect(await sendTestAlert(app.deps)).toEqual([
      { channel: 'email', ok: true, detail: '' },
      { channel: 'webhook', ok: true, detail: '' },
    ]);
    expect(receivers.mail.received.map(({ subject }) => subject)).toEqual(['PayCore: 測試通知']);
    expect(postsOf(receivers)).toMatchObject([{ kind: 'test', admin_url: `${app.url}/admin/settings` }]);
    receivers.mail.answer.AUTH = (line) => `535 no: ${line}`;
    receivers.hook.answer = () => new Response('no', { status: 410 });
    const trials = await sendTestAlert(app.deps);
    expect(trials.map(({ ok }) => ok)).toEqual([false, false]);
    expect(trials[0]?.detail).toContain('535 no');
    expect(trials[1]?.detail).toBe('the webhook answered HTTP 410');
    const credentials = Buffer.from(`\0owner\0${PASSWORD}`).toString('base64');
    expect(JSON.stringify(trials)).not.toContain(credentials);
    expect(await app.deps.store.listAlerts(10)).toEqual([]);
  });
});
