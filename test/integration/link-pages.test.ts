import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createApp } from '../../src/app.ts';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { LIMITS, type LimitName, type LimitTable } from '../../src/http/limits.ts';
import { createServices } from '../../src/payments/index.ts';
import { readCredentials, storeCredential } from '../../src/payments/secrets.ts';
import { STAGE, startApp, type TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { readAttributes } from '../unit/pages/html.ts';

/** Payment links as payers use them: the page, its form, and the payment that comes of it. */

const DAY = 24 * 3_600_000;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await prepare(app);
});
afterAll(() => app.stop());

async function prepare({ deps }: TestApp): Promise<number> {
  const { id } = present(deps.store.findProjectByName('shop'));
  const gateway = present(GATEWAYS.find((one) => one.id === 'ecpay'));
  const { secrets, environment } = readCredentials(deps, gateway, 'test', STAGE);
  await deps.store.makeCurrentCredential(await storeCredential(deps, id, gateway, secrets, environment));
  return id;
}

interface Made {
  readonly no: string;
  /** Of the page in the shop's language. */
  readonly path: string;
}

async function make(body: object = {}, on = app): Promise<Made> {
  const { json } = await on.call('/api/paycore/links', { title: 'Tea', payok_url: `${on.shop.url}/payok`, ...body });
  const no = String(json.data.link_no);
  return { no, path: `/zh-tw/link/${no}` };
}

const status = async ({ no }: Made, on = app) => (await on.call(`/api/paycore/links/${no}`)).json.data;
const view = (path: string, on = app) => on.request(path);
const page = async (path: string, on = app) => (await view(path, on)).text();

type Fields = Readonly<Record<string, string>>;

function post(path: string, fields: Fields = {}, on = app): Promise<Response> {
  return on.request(path, { method: 'POST', body: new URLSearchParams(fields) });
}

/** As a browser would: with the hidden field of the page. */
async function fillIn(path: string, on = app): Promise<Fields> {
  const inputs = await readAttributes(await page(path, on), 'input');
  return Object.fromEntries(inputs.map(({ name = '', value = '' }) => [name, value]));
}

/** The payment that the answer of a form leads to. */
function paymentOf(answer: Response): string {
  const to = answer.headers.get('location') ?? '';
  const [, no = ''] = /^\/(?:zh-tw|en)\/pay\/(PAY[0-9A-Z]+)\?token=/.exec(to) ?? [];
  expect([answer.status, no === '' ? to : 'a payment page']).toEqual([303, 'a payment page']);
  return no;
}

async function choose(answer: Response, route: string, on = app): Promise<string> {
  const to = answer.headers.get('location') ?? '';
  await on.request(to.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }) });
  return String((await on.find(paymentOf(answer))).gateway_order_no);
}

const problemsOf = async (html: string) =>
  (await readAttributes(html, '[data-problem]')).map((one) => one['data-problem']);

describe('the page', () => {
  test('is there in every language, under the policy of all pages, and out of caches and search engines', async () => {
    const { no, path } = await make({ amount: 980 });
    for (const [locale, words] of [
      ['zh-tw', '前往付款'],
      ['en', 'Continue to payment'],
    ]) {
      const answer = await view(`/${locale}/link/${no}`);
      expect([answer.status, (await answer.text()).includes(String(words))]).toEqual([200, true]);
      expect(answer.headers.get('content-security-policy')).toContain("form-action 'self'");
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-robots-tag')).toBe('noindex');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
    const unknown = await view(`/xx/link/${no}`);
    expect([unknown.status, unknown.headers.get('location')]).toEqual([303, path]);
  });

  test('of a test key is marked, of a live key is not', async () => {
    const html = await page((await make({ amount: 980 })).path);
    expect(html).toContain('測試付款');
    const live = { 'x-api-key': app.keys.live.api_key };
    const { json } = await app.call('/api/paycore/links', { title: 'Real' }, live);
    expect(await page(`/zh-tw/link/${json.data.link_no}`)).not.toContain('測試付款');
  });

  test('lets the shop’s logo in', async () => {
    const { id } = present(app.deps.store.findProjectByName('shop'));
    await app.deps.store.changeProject(id, { fields: { logo_url: 'https://cdn.example/l.png' }, methods: {} });
    const answer = await view((await make()).path);
    expect(answer.headers.get('content-security-policy')).toContain('https://cdn.example');
    expect(await answer.text()).toContain('https://cdn.example/l.png');
    await app.deps.store.changeProject(id, { fields: { logo_url: null }, methods: {} });
  });

  test('does not exist for a number that was never given out, in any form, read or sent', async () => {
    const { no } = await make();
    for (const number of [`LNK${'0'.repeat(22)}`, no.toLowerCase(), `${no}x`, no.slice(0, -1), 'x', '..%2f..', '%00']) {
      for (const answer of [await view(`/zh-tw/link/${number}`), await post(`/zh-tw/link/${number}`)]) {
        expect([number, answer.status]).toEqual([number, 404]);
        expect(await answer.text()).toContain('找不到這個付款頁');
      }
    }
  });
});

describe('the form', () => {
  test('makes an All-in-One payment of the link’s project and goes on to its page', async () => {
    const link = await make({
      amount: 980,
      item_name: '下午班',
      success_url: 'https://shop.example/thanks',
      metadata: { course: '7' },
    });
    const answer = await post(link.path, {
      ...(await fillIn(link.path)),
      buyer_name: '王小明',
      buyer_email: 'a@b.example',
    });
    const no = paymentOf(answer);
    expect(await app.find(no)).toMatchObject({
      merchant_order_no: `${link.no}-0001`,
      gateway: null,
      method: 'checkout',
      amount: 980,
      currency: 'TWD',
      status: 'pending',
      livemode: false,
      metadata: { course: '7' },
    });
    expect(app.deps.store.findPayment(no)?.payment.order).toEqual({
      itemName: '下午班',
      successUrl: 'https://shop.example/thanks',
      payokUrl: `${app.shop.url}/payok`,
      metadata: { course: '7' },
      buyerName: '王小明',
      buyerEmail: 'a@b.example',
    });
    const html = await page(answer.headers.get('location') ?? '');
    expect(html).toContain('data-choice="ecpay/atm"');
    const events = (await app.call(`/api/paycore/payments/${no}/events`)).json.data.events as object[];
    expect(events[0]).toMatchObject({ type: 'payment.created', by: { type: 'payer' }, data: { link_no: link.no } });
  });

  test('keeps the language of its page', async () => {
    const { no } = await make({ amount: 980 });
    expect((await post(`/en/link/${no}`)).headers.get('location')).toStartWith('/en/pay/');
    expect((await post(`/xx/link/${no}`)).headers.get('location')).toStartWith('/zh-tw/pay/');
  });

  test('takes the amount from the payer where the shop left it out', async () => {
    const { path } = await make({ min_amount: 100, max_amount: 5000 });
    const fields = await fillIn(path);
    expect(await app.find(paymentOf(await post(path, { ...fields, amount: '１，２３４' })))).toMatchObject({
      amount: 1234,
    });
    const usd = await make({ currency: 'USD' });
    expect(await app.find(paymentOf(await post(usd.path, { amount: '10.99' })))).toMatchObject({
      amount: 10.99,
      currency: 'USD',
    });
  });

  test('cannot change an amount that the shop has set', async () => {
    const { path } = await make({ amount: 980 });
    expect(
      await app.find(paymentOf(await post(path, { amount: '1', currency: 'JPY', merchant_order_no: 'X' }))),
    ).toMatchObject({
      amount: 980,
      currency: 'TWD',
    });
  });

  test.each([
    ['', '請輸入金額'],
    ['-5', '至少要 NT$100'],
    ['0', '至少要 NT$100'],
    ['99', '至少要 NT$100'],
    ['5001', '最多 NT$5,000'],
    ['9'.repeat(50), '最多 NT$5,000'],
    ['100.5', '請輸入整數'],
    ['1e3', '請用數字'],
    ['<script>alert(1)</script>', '請用數字'],
    ["' OR 1=1 --", '請用數字'],
  ])('with the amount %p is shown again with what to do', async (amount, words) => {
    const { no, path } = await make({ min_amount: 100, max_amount: 5000 });
    const before = app.count('payments');
    const answer = await post(path, { amount, buyer_name: '王小明' });
    const html = await answer.text();
    expect([answer.status, await problemsOf(html), html.includes(words)]).toEqual([422, ['amount'], true]);
    expect(html).not.toContain('<script');
    expect((await readAttributes(html, '#buyer_name'))[0]?.value).toBe('王小明');
    const english = await (await post(`/en/link/${no}`, { amount })).text();
    expect(english).toMatch(/Please enter|must be at least|can be at most/);
    expect(app.count('payments')).toBe(before);
  });

  test('names every bad field at once', async () => {
    const { path } = await make();
    const wrong = [
      { amount: 'x', buyer_name: 'x'.repeat(101), buyer_email: 'no' },
      { amount: '', buyer_name: '🍵'.repeat(150), buyer_email: `${'a'.repeat(150)}@b.example` },
      { amount: '1.1', buyer_name: 'y'.repeat(9000), buyer_email: 'a@b@c' },
    ];
    for (const fields of wrong) {
      const answer = await post(path, fields);
      expect([answer.status, await problemsOf(await answer.text())]).toEqual([
        422,
        ['amount', 'buyer_name', 'buyer_email'],
      ]);
    }
  });

  test('keeps control characters of a name away from what comes after', async () => {
    const { path } = await make({ amount: 980 });
    const no = paymentOf(await post(path, { buyer_name: ' a\u0000b\r\nc\u007f ' }));
    expect(app.deps.store.findPayment(no)?.payment.order.buyerName).toBe('a b  c');
  });

  test('that is no form, or more than a form, is answered with the page', async () => {
    const { path } = await make();
    const bodies: readonly RequestInit[] = [
      { body: '{"amount":100}', headers: { 'content-type': 'application/json' } },
      { body: new Uint8Array([0xff, 0xfe, 0x00]) },
      {},
    ];
    for (const init of bodies) expect((await app.request(path, { method: 'POST', ...init })).status).toBe(422);
    const huge = await post(path, { amount: '100', buyer_name: 'x'.repeat(20_000) });
    expect([huge.status, (await huge.text()).includes('name="amount"')]).toEqual([413, true]);
  });

  test('sent twice by an impatient finger makes one payment, two visits make two', async () => {
    const { path } = await make({ amount: 980 });
    const fields = await fillIn(path);
    const answers = await Promise.all([1, 2, 3].map(() => post(path, fields)));
    expect(new Set(answers.map(paymentOf)).size).toBe(1);
    const other = paymentOf(await post(path, await fillIn(path)));
    expect(other).not.toBe(paymentOf(present(answers[0])));
  });

  test('sent again after going back and changing the amount makes another payment', async () => {
    const { path } = await make();
    const fields = await fillIn(path);
    const one = paymentOf(await post(path, { ...fields, amount: '100' }));
    const two = paymentOf(await post(path, { ...fields, amount: '200' }));
    expect([one === two, (await app.find(two)).amount]).toEqual([false, 200]);
    expect(paymentOf(await post(path, { ...fields, amount: '100' }))).toBe(one);
  });

  test('with somebody else’s idea of a hidden field is one more payment', async () => {
    const { path } = await make({ amount: 980 });
    for (const form_key of ['', 'x', 'form_', `form_${'é'.repeat(22)}`, 'y'.repeat(3000)]) {
      expect(paymentOf(await post(path, { form_key }))).not.toBe(paymentOf(await post(path, { form_key })));
    }
  });

  test('uses the project’s addresses of today where the link has none of its own', async () => {
    const { id } = present(app.deps.store.findProjectByName('shop'));
    const { path } = await make({ amount: 980, payok_url: undefined });
    const urls = { payok_url: `${app.shop.url}/own`, success_url: 'https://shop.example/ok' };
    await app.deps.store.changeProject(id, { fields: urls, methods: {} });
    const { order } = present(app.deps.store.findPayment(paymentOf(await post(path)))).payment;
    expect(order).toMatchObject({ payokUrl: urls.payok_url, successUrl: urls.success_url, itemName: 'Tea' });
    await app.deps.store.changeProject(id, { fields: { payok_url: null, success_url: null }, methods: {} });
  });
});

describe('a payment of a link', () => {
  test('is paid, notified and counted like any other, and the link goes on', async () => {
    const link = await make({ amount: 980, metadata: { course: '7' } });
    const first = await post(link.path);
    await app.deliver();
    app.shop.received.length = 0;
    await app.simulate(await choose(first, 'ecpay/atm'), 'pay');
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.paid', merchant_order_no: `${link.no}-0001`, amount: 980, metadata: { course: '7' } },
    ]);
    await post(link.path);
    expect(await status(link)).toMatchObject({ status: 'open', paid_count: 1, paid_amount: 980 });
    const listed = await app.call(`/api/paycore/payments?number=${link.no}`);
    expect(listed.json.data.payments).toMatchObject([
      { merchant_order_no: `${link.no}-0002`, status: 'pending' },
      { merchant_order_no: `${link.no}-0001`, status: 'paid' },
    ]);
  });
});

describe('a link for one payment', () => {
  test('is one payment in every tab, and says so when it is paid', async () => {
    const link = await make({ amount: 980, single_use: true });
    const [one, two] = [await post(link.path, await fillIn(link.path)), await post(link.path, await fillIn(link.path))];
    expect(paymentOf(one)).toBe(paymentOf(two));
    await app.simulate(await choose(one, 'ecpay/atm'), 'pay');
    expect(await status(link)).toMatchObject({ status: 'used', paid_count: 1 });
    for (const answer of [await view(link.path), await post(link.path)]) {
      const html = await answer.text();
      expect([answer.status, html.includes('data-state="used"'), html.includes('這筆錢已經付了')]).toEqual([
        410,
        true,
        true,
      ]);
      // Whoever else has the link learns nothing of who paid, or where.
      expect(html).not.toContain('/pay/');
    }
  });

  test('lets the payer correct the amount until he has a number, and from then on leads him back to it', async () => {
    const link = await make({ single_use: true });
    const first = paymentOf(await post(link.path, { amount: '100' }));
    const second = await post(link.path, { amount: '200' });
    expect([(await app.find(first)).status, (await app.find(paymentOf(second))).amount]).toEqual(['failed', 200]);
    expect(await page(link.path)).toContain('name="amount"');
    await choose(second, 'ecpay/atm');
    const html = await page(link.path);
    expect(html).toContain('data-state="begun"');
    expect(html).toContain('繼續付款');
    expect(html).toContain('>NT$</span>200');
    expect(html).not.toContain('name="amount"');
    expect(paymentOf(await post(link.path, { amount: 'nonsense' }))).toBe(paymentOf(second));
  });

  test('that was begun can be finished after its time, and not begun again when that fails', async () => {
    const own = await startApp();
    await prepare(own);
    const link = await make({ amount: 980, single_use: true, expire_days: 1 }, own);
    const answer = await post(link.path, {}, own);
    await choose(answer, 'ecpay/atm', own);
    own.clock.advance(2 * DAY);
    expect((await status(link, own)).status).toBe('expired');
    expect(await page(link.path, own)).toContain('data-state="begun"');
    expect(paymentOf(await post(link.path, {}, own))).toBe(paymentOf(answer));
    own.clock.advance(30 * DAY);
    await own.check();
    expect((await own.find(paymentOf(answer))).status).toBe('expired');
    expect((await post(link.path, {}, own)).status).toBe(410);
    await own.stop();
  });

  test('whose payment the shop has cancelled is open again', async () => {
    const link = await make({ amount: 980, single_use: true });
    const first = paymentOf(await post(link.path));
    await app.call(`/api/paycore/payments/${first}/cancel`, {});
    expect(paymentOf(await post(link.path))).not.toBe(first);
  });
});

describe('a link that is over', () => {
  test('says what to do, in both languages, and makes nothing', async () => {
    const own = await startApp();
    const [closed, expired] = [await make({ amount: 980 }, own), await make({ amount: 980, expire_days: 1 }, own)];
    const fields = await fillIn(closed.path, own);
    await own.call(`/api/paycore/links/${closed.no}/close`, {});
    own.clock.advance(DAY);
    for (const [link, chinese, english] of [
      [closed, '已經停用', 'is closed'],
      [expired, '已經過期', 'has expired'],
    ] as const) {
      for (const answer of [await view(link.path, own), await post(link.path, fields, own)]) {
        expect([answer.status, (await answer.text()).includes(chinese)]).toEqual([410, true]);
      }
      expect(await page(`/en/link/${link.no}`, own)).toContain(english);
    }
    expect(own.count('payments')).toBe(0);
    await own.stop();
  });
});

describe('too many payments', () => {
  /** The same program with limits that a test can reach. */
  function serve(left: Partial<Record<LimitName, number>>) {
    const changed = Object.entries(left).map(([name, perMinute]) => [
      name,
      { ...LIMITS[name as LimitName], perMinute },
    ]);
    const table = { ...LIMITS, ...Object.fromEntries(changed) } as LimitTable;
    let address = '203.0.113.1';
    const deps = { ...app.deps, peerOf: () => address };
    const { handle } = createApp(deps, createServices(deps), table);
    return {
      move: (to: string) => {
        address = to;
      },
      send: async (path: string) => handle(new Request(`${app.url}${path}`, { method: 'POST' })),
    };
  }

  test('from one address have to wait, and are told so on a page', async () => {
    const { path } = await make({ amount: 980 });
    const { send, move } = serve({ link: 2 });
    const answers = [await send(path), await send(path), await send(path)];
    expect(answers.map((one) => one.status)).toEqual([303, 303, 429]);
    const refused = present(answers[2]);
    expect([refused.headers.get('retry-after'), (await refused.text()).includes('請稍等一下')]).toEqual(['30', true]);
    expect((await view(path)).status).toBe(200);
    move('203.0.113.2');
    expect((await send(path)).status).toBe(303);
  });

  test('through one link have to wait wherever they come from, and other links do not', async () => {
    const [one, two] = [await make({ amount: 980 }), await make({ amount: 980 })];
    const { send, move } = serve({ linkUses: 1 });
    const before = app.count('payments');
    expect((await send(one.path)).status).toBe(303);
    move('203.0.113.2');
    expect((await send(one.path)).status).toBe(429);
    expect((await send(two.path)).status).toBe(303);
    expect(app.count('payments')).toBe(before + 2);
  });
});
