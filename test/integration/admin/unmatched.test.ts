import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { REFUSAL_KINDS } from '../../../src/gateways/callback.ts';
import { LATER } from '../../../src/payments/callback/arrival.ts';
import { refusalKindOf } from '../../../src/payments/callback/reasons.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';

/** What came and was not believed, as the merchant sees it. */

let app: TestApp;
let owner: DeskClient;

beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  owner = await signInOwner(app);
  await owner.get('/admin?kind=test&locale=en');
});
afterAll(() => app.stop());

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** The newest one, as its own page shows it. */
async function newest() {
  const list = await owner.get('/admin/unmatched');
  const href = present(/href="(\/admin\/unmatched\/\d+)"/.exec(list.text)?.[1], list.text);
  const page = await owner.get(href);
  return { list, page, kind: /<main[^>]*data-refusal="(\w+)"/.exec(page.text)?.[1], text: readText(page.text) };
}

const sell = async () => (await app.create('ecpay/atm')).json.data;

describe('a callback that is refused', () => {
  test('for a number that nobody knows is seen with where it came from, why, and what to do', async () => {
    const { status } = await app.callback('MerchantTradeNo=NOBODY1&RtnCode=1', FORM);
    expect(status).toBe(400);
    const { list, page, kind, text } = await newest();
    expect([list.status, page.status, kind]).toEqual([200, 200, 'unknown']);
    expect(list.text).toContain('data-page="unmatched"');
    expect(text).toContain('Unknown number');
    expect(text).toContain('another site uses the same 綠界 ECPay account');
    expect(text).toContain('ECPay transaction not found.');
    expect(text).toContain('127.0.0.1');
    expect(text).toContain('MerchantTradeNo=NOBODY1&RtnCode=1');
  });

  test('for a wrong key names the payment that it speaks of, unproved', async () => {
    const { gateway_order_no, payment_no } = await sell();
    await app.callback(`MerchantID=3002607&MerchantTradeNo=${gateway_order_no}&RtnCode=1&CheckMacValue=0`, FORM);
    const { kind, text, page } = await newest();
    expect(kind).toBe('signature');
    expect(text).toContain('Wrong key');
    expect(page.text).toContain(`href="/admin/payments/${payment_no}"`);
    expect(text).toContain('Nothing proves it');
    expect((await app.find(String(payment_no))).status).toBe('pending');
  });

  test.each([
    [
      'account',
      async () => `MerchantID=2000132&MerchantTradeNo=${(await sell()).gateway_order_no}&CheckMacValue=0`,
      FORM,
    ],
    [
      'sealed',
      async () => JSON.stringify({ MerchantID: '3002607', TransCode: 1, Data: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      JSON_TYPE,
    ],
    ['reported', async () => JSON.stringify({ MerchantID: '3002607', TransCode: 0, Data: 'AAAA' }), JSON_TYPE],
    ['unreadable', async () => 'hello', FORM],
  ])('as %s says so', async (wanted, body, type) => {
    expect((await app.callback(await body(), type)).status).toBe(400);
    const { kind, text } = await newest();
    expect(kind).toBe(wanted);
    expect(text).not.toContain('unmatched.');
  });

  test('since nothing proves it and the gateway does not confirm it says so', async () => {
    const { no } = await createShop(app).sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    await app.callback(JSON.stringify({ event_type: 'X', resource: { custom_id: no } }), JSON_TYPE, 'paypal');
    const { kind, text } = await newest();
    expect(kind).toBe('unconfirmed');
    expect(text).toContain(no);
  });

  test('and certainly belongs to a payment is told in that payment and not here', async () => {
    const { gateway_order_no, payment_no } = await sell();
    const before = await app.rows.count('unmatchedCallbacks');
    await app.simulate(String(gateway_order_no), 'forge', { kind: 'amount' });
    expect(await app.rows.count('unmatchedCallbacks')).toBe(before);
    const { json } = await app.call(`/api/paycore/payments/${payment_no}/events`);
    const types = (json.data.events as readonly { type: string }[]).map(({ type }) => type);
    expect(types).toContain('callback.refused');
  });

  test('is text, whatever it holds: no markup, no secrets, and no more than its beginning', async () => {
    const body = `MerchantTradeNo=<script>alert(1)</script>&hash_key=pwFHCqoQZGmho4w6&pad=${'x'.repeat(20_000)}`;
    await app.callback(body, FORM);
    const { page, text } = await newest();
    expect(page.text).not.toContain('<script>alert');
    expect(text).toContain('<script>alert(1)</script>');
    expect(page.text).not.toContain('pwFHCqoQZGmho4w6');
    expect(text).toContain('Only the beginning is shown.');
    expect(page.text.length).toBeLessThan(30_000);
  });
});

describe('every kind of refusal', () => {
  /** A text of some gateway for each kind. */
  const listTexts = () => {
    const texts = app.deps.gateways.list.flatMap((gateway) => {
      const { texts: usual, docs } = gateway.callback;
      const all = [usual.unknown, usual.unknownSealed, usual.amount, ...Object.keys(docs.refusals)];
      return all.flatMap((text) => (typeof text === 'string' ? [{ gateway, text }] : []));
    });
    const [{ gateway } = present(texts[0])] = texts;
    return [...texts, { gateway, text: LATER }, { gateway, text: 'Something that nobody has thought of.' }];
  };

  test('has its words in both languages, and no text of a driver is without a kind', async () => {
    const known = listTexts().map(({ gateway, text }) => ({ gateway, text, kind: refusalKindOf(gateway, text) }));
    expect(new Set(known.map(({ kind }) => kind))).toEqual(new Set(REFUSAL_KINDS));
    expect(known.filter(({ kind }) => kind === 'other')).toHaveLength(1);
    for (const { gateway, text, kind } of known) {
      const now = app.clock.now();
      const stray = { gateway: gateway.id, address: '203.0.113.9', contentType: FORM, body: Buffer.from('a=1') };
      await app.deps.store.addUnmatchedCallback({ ...stray, reason: text, now });
      for (const locale of ['en', 'zh-tw']) {
        await owner.get(`/admin?locale=${locale}`);
        const shown = await newest();
        expect([text, shown.kind]).toEqual([text, kind]);
        expect(shown.text).not.toContain('unmatched.');
      }
    }
    await owner.get('/admin?locale=en');
  });
});

describe('the list of unmatched callbacks', () => {
  test('is paged, narrowed by gateway, and for staff too', async () => {
    const staff = await signInStaff(app);
    await staff.get('/admin?locale=en');
    const rows = (page: string) => [...page.matchAll(/<tr data-gateway="(\w+)"/g)].map(([, gateway]) => gateway);
    const first = await staff.get('/admin/unmatched');
    expect(rows(first.text)).toHaveLength(25);
    const next = present(/href="([^"]*cursor=[^"]*)"/.exec(first.text)?.[1]).replaceAll('&amp;', '&');
    expect(rows((await staff.get(next)).text).length).toBeGreaterThan(0);
    expect(new Set(rows((await staff.get('/admin/unmatched?gateway=paypal')).text))).toEqual(new Set(['paypal']));
    expect((await staff.get('/admin/unmatched?gateway=nobody')).status).toBe(422);
    expect((await staff.get('/admin/unmatched/999999')).status).toBe(404);
    expect((await staff.get('/admin/unmatched/x')).status).toBe(404);
  });

  test('leaves out what speaks of another project’s payment', async () => {
    const { json } = await app.create('ecpay/atm', {}, { 'x-api-key': app.keys.other.api_key });
    await app.callback(`MerchantID=3002607&MerchantTradeNo=${json.data.gateway_order_no}&CheckMacValue=0`, FORM);
    const shop = present((await app.deps.store.listProjects()).find(({ name }) => name === 'shop'));
    expect((await owner.get('/admin/unmatched')).text).toContain(String(json.data.payment_no));
    await owner.get(`/admin?project=${shop.id}`);
    expect((await owner.get('/admin/unmatched')).text).not.toContain(String(json.data.payment_no));
    await owner.get('/admin?project=all');
  });
});
