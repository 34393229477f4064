import { beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { DAY } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner } from '../../support/desk.ts';
import { lastAudit, readCopies } from '../../support/desk-audit.ts';
import { present } from '../../support/parts.ts';

/** Where a project's notifications go, what is told, and what they are signed with. */

const app = useApp({}, 'file');
let owner: DeskClient;
let path = '';
beforeAll(async () => {
  owner = await signInOwner(app);
  await owner.get('/admin?locale=en&kind=test');
  path = `/admin/projects/${present(await app.deps.store.findProjectByName('shop')).id}/notifications`;
});
beforeEach(() => {
  app.shop.received.length = 0;
  app.shop.answer = null;
});

const save = (urls: Readonly<Record<string, string>>) => owner.post(`${path}/addresses`, urls);
const secretOf = async (page: string) => (await readCopies(page))['notification-secret'] ?? '';

/** Who of these can tell that the shop's newest notification is genuine. */
function isSignedBy(secret: string): boolean {
  const { headers, body } = present(app.shop.received.at(-1));
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  const own = new Webhook(secret).sign(headers['webhook-id'] ?? '', at, body);
  return (headers['webhook-signature'] ?? '').split(' ').includes(own);
}

describe('the usual addresses', () => {
  test('are used by requests that bring none, and written down without what may be secret in them', async () => {
    expect((await save({ payok_url: `${app.shop.url}/desk?token=hidden-word`, success_url: '' })).status).toBe(303);
    expect(JSON.stringify(await lastAudit(app))).not.toContain('hidden-word');
    const { json } = await app.create('ecpay/atm', { payok_url: undefined });
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    await app.deliver();
    expect(app.shop.received.map(({ path: at }) => at)).toEqual(['/desk']);
  });

  test('know where the shop is, which payer pages lead back to', async () => {
    expect((await save({ shop_url: 'https://shop.example/tw' })).status).toBe(303);
    expect((await owner.get(path)).text).toContain('value="https://shop.example/tw"');
    const { json } = await app.create('ecpay/atm', { merchant_order_no: 'WAY-HOME' });
    const page = await app.request(String(json.data.payment_url).slice(app.url.length));
    expect(await page.text()).toContain('href="https://shop.example/tw" data-home');
    const wrong = await save({ shop_url: 'javascript:alert(1)' });
    expect([wrong.status, wrong.text.includes('id="shop_url-wrong"')]).toEqual([422, true]);
    await save({ shop_url: '' });
  });

  test('that nothing can reach are refused at their field', async () => {
    const wrong = await save({ payok_url: 'http://10.0.0.7/payok', cancel_url: 'javascript:alert(1)' });
    expect([wrong.status, readText(wrong.text)]).toEqual([422, expect.stringContaining('private network')]);
    for (const name of ['payok_url', 'cancel_url']) expect(wrong.text).toContain(`id="${name}-wrong"`);
  });
});

describe('a test notification', () => {
  test('is sent to the shop, and what came of it is told', async () => {
    await save({ payok_url: `${app.shop.url}/desk` });
    const taken = await owner.post(`${path}/test`);
    expect([taken.status, taken.text.includes('data-taken="true"')]).toEqual([200, true]);
    expect(JSON.parse(present(app.shop.received[0]).body)).toMatchObject({ event: 'test', livemode: false });
    app.shop.answer = () => new Response(null, { status: 404 });
    const refused = await owner.post(`${path}/test`);
    expect(refused.text).toContain('data-taken="false"');
    expect(readText(refused.text)).toContain('the shop answered HTTP 404');
    await save({ payok_url: '' });
    expect((await owner.get(path)).text).not.toContain('send-test-notification');
    expect((await owner.post(`${path}/test`)).status).toBe(422);
  });
});

describe('wanted events', () => {
  test('are those that were ticked', async () => {
    await owner.post(`${path}/events`, { event: 'payment.refunded' });
    const project = present(await app.deps.store.findProjectByName('shop'));
    expect(project.events).toEqual(['payment.paid', 'payment.refunded']);
    expect((await owner.get(path)).text).toMatch(/value="payment.refunded" checked/);
    await owner.post(`${path}/events`, {});
    expect(present(await app.deps.store.findProjectByName('shop')).events).toEqual(['payment.paid']);
  });
});

describe('the notification secret', () => {
  test('is shown only when it is asked for, which is written down', async () => {
    const secret = app.keys.test.notification_secret;
    expect((await owner.get(path)).text).not.toContain(secret);
    const shown = await owner.post(`${path}/secret`);
    expect(await secretOf(shown.text)).toBe(secret);
    const entry = await lastAudit(app);
    expect([entry.action, JSON.stringify(entry).includes(secret)]).toEqual(['show-secret', false]);
  });

  test('that is replaced signs along for a day with the new one, which is shown once', async () => {
    const former = app.keys.test.notification_secret;
    const rotated = await owner.post(`${path}/rotate`);
    const secret = await secretOf(rotated.text);
    expect([rotated.status, secret]).toEqual([200, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/)]);
    expect(secret).not.toBe(former);
    expect((await owner.get(path)).text).not.toContain(secret);
    expect(JSON.stringify(await lastAudit(app))).not.toMatch(/whsec_/);
    expect(readText((await owner.get(path)).text)).toContain('The former secret signs along until');

    const pay = async () => {
      const { json } = await app.create('ecpay/atm');
      await app.simulate(String(json.data.gateway_order_no), 'pay');
      await app.deliver();
      return [isSignedBy(secret), isSignedBy(former)];
    };
    expect(await pay()).toEqual([true, true]);
    app.clock.advance(DAY);
    owner = await signInOwner(app);
    await owner.get('/admin?locale=en&kind=test');
    expect(await pay()).toEqual([true, false]);
    expect(readText((await owner.get(path)).text)).not.toContain('signs along until');
  });
});
