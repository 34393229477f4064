import { beforeAll, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { bodyFor, registerStripe } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';

/** What happened to a payment, as people of the shop read it, with the callbacks as they came. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
let owner: DeskClient;
let staff: DeskClient;
beforeAll(async () => {
  owner = await signInOwner(app);
  staff = await signInStaff(app);
  for (const client of [owner, staff]) await client.get('/admin?locale=en');
});

const create = async (route: string, body: object = {}) => {
  const made = await app.create(route, { ...bodyFor(route), ...body });
  expect(made.status).toBe(201);
  return made.json.data as Record<string, string>;
};
const pathOf = (no: unknown) => `/admin/payments/${no}`;
const show = async (no: unknown, query = '', client = owner) => (await client.get(pathOf(no) + query)).text;
const entriesOf = (page: string) =>
  [...page.matchAll(/<li data-event="([^"]+)">([\s\S]*?)<\/li>/g)].map(([, type, body]) => ({
    type,
    text: readText(/<bdi>([\s\S]*?)<\/bdi>/.exec(String(body))?.[1] ?? ''),
    by: /data-by="([^"]+)"/.exec(String(body))?.[1],
  }));
const callbacksOf = (page: string) => [...page.matchAll(/data-callback="(\d+)"/g)].map(([, id]) => Number(id));

/** Bytes that the payment's gateway is made to have sent. */
async function keep(no: string, body: string | Uint8Array, contentType = 'application/x-www-form-urlencoded') {
  const { attempt } = present(await app.deps.store.findPayment(no));
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const digest = new Uint8Array(Bun.SHA256.hash(bytes).buffer);
  const about = { now: app.clock.now(), isProved: true, mayBeRefund: false };
  await app.deps.store.keepCallback(present(attempt), { contentType, body: bytes, digest }, about);
}

describe('the timeline', () => {
  test('tells in words what happened and by whom, in the order of happening', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm');
    await app.simulate(String(gateway_order_no), 'forge', { kind: 'amount' });
    await app.simulate(String(gateway_order_no), 'pay');
    await app.deliver();
    await owner.post(`${pathOf(payment_no)}/resend`);
    expect(entriesOf(await show(payment_no))).toEqual([
      { type: 'payment.created', text: 'Payment created', by: 'api_key' },
      { type: 'attempt.opened', text: 'A try through 綠界 ECPay began', by: 'api_key' },
      { type: 'gateway.request', text: '綠界 ECPay was called: a number to pay with', by: 'paycore' },
      {
        ...{ type: 'callback.refused', by: 'gateway' },
        text: 'A report of 綠界 ECPay was refused: NT$981 paid (not taken: another amount)',
      },
      { type: 'callback.accepted', text: '綠界 ECPay reported: NT$980 paid', by: 'gateway' },
      { type: 'payment.paid', text: 'Paid', by: 'gateway' },
      { type: 'notification.delivered', text: 'The shop was notified: Paid', by: 'paycore' },
      { type: 'admin.resend', text: 'Notified the shop again: Paid', by: 'person' },
    ]);
  });

  test('is in the page’s language', async () => {
    const { payment_no } = await create('ecpay/atm');
    await owner.get('/admin?locale=zh-tw');
    const texts = entriesOf(await show(payment_no)).map(({ text }) => text);
    await owner.get('/admin?locale=en');
    expect(texts).toEqual(['建立付款', '開始用綠界 ECPay付款', '呼叫綠界 ECPay：給了繳費號碼']);
  });

  test('of a payment with thousands of entries comes in pages from the newest, none is left out', async () => {
    const { payment_no } = await create('ecpay/atm');
    const { payment } = present(await app.deps.store.findPayment(String(payment_no)));
    for (let n = 0; n < 130; n += 1) {
      const data = { result: 'failed', message: `try ${n}` };
      await app.deps.store.recordEvent({ paymentId: payment.id, attemptId: null, type: 'sync', data, at: n });
    }
    const pages: string[][] = [];
    let query = '';
    for (let next: string | undefined = ''; next !== undefined; query = next ? `?before=${next}` : '') {
      const page: string = await show(payment_no, query);
      pages.unshift(entriesOf(page).map(({ text }) => text));
      next = /href="[^"]*\?before=(\d+)#timeline"/.exec(page)?.[1];
    }
    expect(pages.map(({ length }) => length)).toEqual([33, 50, 50]);
    const tries = pages.flat().flatMap((text) => /try (\d+)/.exec(text)?.[1] ?? []);
    expect(tries).toEqual(Array.from({ length: 130 }, (_, n) => String(n)));
    expect(readText(await show(payment_no, '?before=1'))).toContain('There is nothing earlier.');
    for (const odd of ['?before=x', '?before=-1', '?before=99999999999999999999']) {
      expect(entriesOf(await show(payment_no, odd))).toHaveLength(50);
    }
  });
});

describe('a callback in the timeline', () => {
  test('is shown without its signature; a sealed one is opened', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm');
    await app.simulate(String(gateway_order_no), 'pay');
    const text = readText(await show(payment_no));
    expect(text).toContain('Opened');
    expect(text).toMatch(/MerchantTradeNo&?q?u?o?t?;?"?: "PC/);
    const form = await create('ecpay/aio/credit');
    const { redirect_form } = form as unknown as { redirect_form: { action: string; fields: Record<string, string> } };
    await fetch(redirect_form.action, { method: 'POST', body: new URLSearchParams(redirect_form.fields) });
    await app.simulate(String(redirect_form.fields.MerchantTradeNo), 'pay');
    const page = await show(form.payment_no);
    expect(readText(page)).toMatch(/RtnCode 1 .*CheckMacValue \*\*\*/);
    const stored = await app.rows.events({ paymentId: (await app.rows.payment(String(form.payment_no))).id });
    const mac = /CheckMacValue=([0-9A-F]{64})/.exec(
      Buffer.from(stored.find(({ body }) => body)?.body ?? '').toString(),
    );
    expect(mac?.[1]).toHaveLength(64);
    expect(page).not.toContain(present(mac)[1]);
  });

  test('is without who the payer is: PayPal’s and Stripe’s events name him', async () => {
    await registerStripe(app);
    for (const route of ['stripe/credit', 'paypal/checkout']) {
      const { payment_no, gateway_order_no } = await create(route);
      await app.simulate(String(gateway_order_no), 'pay');
      const page = await show(payment_no);
      expect(callbacksOf(page).length).toBeGreaterThan(0);
      for (const hidden of ['simulator@example.com', 'payer@example.com', '_secret_', 'whsec_shop', 'sk_test_shop']) {
        expect([route, hidden, page.includes(hidden)]).toEqual([route, hidden, false]);
      }
    }
  });

  test('of SmilePay is read as Big5', async () => {
    const { payment_no } = await create('smilepay/cvs', {
      gateway_credentials: bodyFor('smilepay/cvs').gateway_credentials,
    });
    await keep(String(payment_no), 'Errdesc=%A5I%B4%DA%A6%A8%A5%5C&Mid_smilepay=777&Email=a%40b.tw');
    const text = readText(await show(payment_no));
    expect(text).toContain('Errdesc 付款成功 Mid_smilepay *** Email ***');
  });

  test('that was made to harm is text: no markup, no script, no letters that turn others around', async () => {
    const { payment_no } = await create('ecpay/atm');
    const evil = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>';
    await keep(String(payment_no), `a=${encodeURIComponent(evil)}&${encodeURIComponent(evil)}=1`, `text/html${evil}`);
    await keep(String(payment_no), JSON.stringify({ [evil]: evil, turned: '\u202e089' }), 'application/json');
    await keep(String(payment_no), evil, 'text/html');
    const page = await show(payment_no);
    expect(callbacksOf(page)).toHaveLength(3);
    expect(page).not.toMatch(/<script>|<img/);
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&lt;script>alert(1)');
  });

  test('that is long is cut, or left out; the owner can have every byte, as an attachment that no browser opens', async () => {
    const { payment_no } = await create('ecpay/atm');
    const [cut, long] = [`x=${'a'.repeat(9000)}END`, `x=${'b'.repeat(40_000)}END`];
    await keep(String(payment_no), cut);
    await keep(String(payment_no), long, 'text/html');
    const page = await show(payment_no);
    expect(page).not.toContain('END');
    expect(readText(page)).toContain('only the beginning is shown');
    expect(readText(page)).toContain('Too long to be shown here.');
    const ids = callbacksOf(page);
    for (const [at, body] of [cut, long].entries()) {
      const { status, headers, text } = await owner.get(`${pathOf(payment_no)}/callbacks/${ids[at]}`);
      expect([status, text === body]).toEqual([200, true]);
      expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${payment_no}-callback-${ids[at]}.txt"`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('is handed out to the owner only, and only as one of this payment', async () => {
    const [one, other] = [await create('ecpay/atm'), await create('ecpay/atm')];
    await keep(String(one.payment_no), 'x=1');
    const [id] = callbacksOf(await show(one.payment_no));
    expect((await show(one.payment_no, '', staff)).includes('/callbacks/')).toBe(false);
    expect((await staff.get(`${pathOf(one.payment_no)}/callbacks/${id}`)).status).toBe(403);
    for (const path of [`${pathOf(other.payment_no)}/callbacks/${id}`, `${pathOf(one.payment_no)}/callbacks/0`]) {
      expect((await owner.get(path)).status).toBe(404);
    }
  });

  test('that came more than once says how often', async () => {
    const { payment_no } = await create('ecpay/atm');
    for (let n = 0; n < 3; n += 1) await keep(String(payment_no), 'same=1');
    expect(readText(await show(payment_no))).toContain('the same bytes came 3×');
  });
});
