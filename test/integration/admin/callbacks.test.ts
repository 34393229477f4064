import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { MINUTE } from '../../../src/core/time.ts';
import { findAddressFlaw } from '../../../src/payments/callback/addresses.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type DeskClient, readText, signInOwner } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';

/** The addresses that gateways call, and when each of them did. */

let app: TestApp;
let owner: DeskClient;

beforeAll(async () => {
  app = await startApp();
  owner = await signInOwner(app);
  await owner.get('/admin?kind=test&locale=en');
});
afterAll(() => app.stop());

const FORM = 'application/x-www-form-urlencoded';
const card = async (gateway: string): Promise<string> => {
  const { text } = await owner.get('/admin/callbacks');
  return present(text.split('<section').find((part) => part.includes(`data-gateway="${gateway}"`)));
};
const lastOf = async (gateway: string, name: string) =>
  new RegExp(`data-last="${name}">(.*?)</dd>`, 's').exec(await card(gateway))?.[1] ?? null;
/** As the desk writes it, in Taipei. */
const minute = () => new Date(app.clock.now() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

describe('the page of callback addresses', () => {
  test('has the exact address of each gateway, with what is to be entered where', async () => {
    const page = await owner.get('/admin/callbacks');
    expect([page.status, page.text.includes('data-page="callbacks"')]).toEqual([200, true]);
    for (const { id } of app.deps.gateways.list) {
      const part = await card(id);
      expect(part).toContain(`value="${app.url}/api/paycore/webhooks/${id}"`);
      expect(part).toContain(`data-copy="callback-${id}"`);
    }
    expect(readText(await card('ecpay'))).toContain('ReturnURL · PaymentInfoURL');
    expect(readText(await card('ecpay'))).toContain('Nothing to set up');
    expect(readText(await card('smilepay'))).toContain('Roturl');
    expect(readText(await card('plus'))).toContain('callback_url');
    const stripe = readText(await card('stripe'));
    expect(stripe).toContain('payment_intent.succeeded');
    expect(stripe).toContain('webhook_secret');
    expect(readText(await card('paypal'))).toContain('CHECKOUT.ORDER.APPROVED');
    expect(page.text).toContain('data-flaw="local"');
  });

  test('says nothing was called yet, then when, after a real callback', async () => {
    expect(await lastOf('ecpay', 'accepted')).toBe('not yet');
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
    expect(await lastOf('ecpay', 'accepted')).toContain(minute());
    expect(await lastOf('ecpay', 'refused')).toBeNull();
    expect(await lastOf('smilepay', 'accepted')).toBe('not yet');
  });

  test('says which was refused last and why, and keeps what belongs to nobody apart', async () => {
    app.clock.advance(2 * MINUTE);
    const { json } = await app.create('ecpay/atm');
    await app.callback(`MerchantID=3002607&MerchantTradeNo=${json.data.gateway_order_no}&CheckMacValue=0`, FORM);
    const refused = readText((await lastOf('ecpay', 'refused')) ?? '');
    expect(refused).toContain(minute());
    expect(refused).toContain('Wrong key');
    expect(await lastOf('ecpay', 'stray')).toBeNull();
    await app.callback('MerchantTradeNo=NOBODY', FORM);
    expect(readText((await lastOf('ecpay', 'stray')) ?? '')).toContain('Unknown number');
    await app.simulate(String(json.data.gateway_order_no), 'forge', { kind: 'amount' });
    app.clock.advance(MINUTE);
    await app.simulate(String(json.data.gateway_order_no), 'forge', { kind: 'amount' });
    expect(readText((await lastOf('ecpay', 'refused')) ?? '')).toContain('ECPay amount mismatch.');
  });

  test('counts no call of a payer’s browser on its way back', async () => {
    app.clock.advance(10 * MINUTE);
    const { json } = await app.create('ecpay/aio');
    const [delivery] = await app.catchCallbacks(String(json.data.gateway_order_no), async () => {
      const form = json.data.redirect_form as { action: string; fields: Record<string, string> };
      await fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
      await app.simulate(String(json.data.gateway_order_no), 'pay');
    });
    const { body, type } = present(delivery);
    const before = await lastOf('ecpay', 'accepted');
    const back = await app.request(`/en/payment/ecpay/return/${json.data.payment_no}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(back.status).toBe(303);
    expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
    expect(await lastOf('ecpay', 'accepted')).toBe(before);
  });

  test('shows the calls of the project and kind of key in view', async () => {
    const other = present((await app.deps.store.listProjects()).find(({ name }) => name === 'other shop'));
    await owner.get(`/admin?project=${other.id}`);
    expect(await lastOf('ecpay', 'accepted')).toBe('not yet');
    await owner.get('/admin?project=all&kind=live');
    expect(await lastOf('ecpay', 'accepted')).toBe('not yet');
    await owner.get('/admin?kind=test');
    expect(await lastOf('ecpay', 'accepted')).not.toBe('not yet');
  });

  test('says whether the project in view has the secret that callbacks are proved with', async () => {
    const shop = present((await app.deps.store.listProjects()).find(({ name }) => name === 'shop'));
    await owner.get(`/admin?project=${shop.id}`);
    expect(readText(await card('stripe'))).not.toContain('is stored');
    const gateway = present(app.deps.gateways.find('stripe'));
    const { storeCredential } = await import('../../../src/payments/projects/credentials.ts');
    const keys = { secret_key: 'sk_test_a', publishable_key: 'pk_test_a' };
    const use = async (secrets: Readonly<Record<string, string>>) => {
      const id = await storeCredential(app.deps, shop.id, gateway, secrets, 'sandbox');
      await app.deps.store.makeCurrentCredential(id);
      return card('stripe');
    };
    expect(readText(await use(keys))).toContain('webhook_secret is not stored yet');
    const stored = await use({ ...keys, webhook_secret: 'whsec_ofTheProject' });
    expect(readText(stored)).toContain('webhook_secret is stored');
    expect(stored).not.toContain('whsec_ofTheProject');
    await owner.get('/admin?project=all');
  });
});

test.each([
  ['http://localhost:8080', 'local'],
  ['https://192.168.1.5', 'local'],
  ['https://[::1]', 'local'],
  ['https://paycore.local', 'local'],
  ['http://pay.shop.com.tw', 'http'],
  ['https://pay.shop.com.tw:8443', 'port'],
  ['https://pay.shop.com.tw', null],
] as const)('of %s a gateway is warned about: %p', (url, flaw) => {
  expect(findAddressFlaw(url)).toBe(flaw);
});
