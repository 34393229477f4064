import { beforeAll, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { linkHand, paymentOf } from '../../support/links.ts';
import { present } from '../../support/parts.ts';
import { readAttributes } from '../../unit/pages/html.ts';

/** Payment links as payers see them: the page, its form, and what the form takes. */

const app = useApp({}, 'file');
const hand = linkHand(app);
beforeAll(() => hand.storeCredentials());

const problemsOf = async (html: string) =>
  (await readAttributes(html, '[data-problem]')).map((one) => one['data-problem']);

describe('the page', () => {
  test('is there in every language, under the policy of all pages, and out of caches and search engines', async () => {
    const { no, path } = await hand.make({ amount: 980 });
    for (const [locale, words] of [
      ['zh-tw', '前往付款'],
      ['en', 'Continue to payment'],
    ]) {
      const answer = await hand.view(`/${locale}/link/${no}`);
      expect([answer.status, (await answer.text()).includes(String(words))]).toEqual([200, true]);
      expect(answer.headers.get('content-security-policy')).toContain("form-action 'self'");
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-robots-tag')).toBe('noindex');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
    const unknown = await hand.view(`/xx/link/${no}`);
    expect([unknown.status, unknown.headers.get('location')]).toEqual([303, path]);
  });

  test('of a test key is marked, of a live key is not', async () => {
    const html = await hand.page((await hand.make({ amount: 980 })).path);
    expect(html).toContain('測試付款');
    const live = { 'x-api-key': app.keys.live.api_key };
    const { json } = await app.call('/api/paycore/links', { title: 'Real' }, live);
    expect(await hand.page(`/zh-tw/link/${json.data.link_no}`)).not.toContain('測試付款');
  });

  test('lets the shop’s logo in', async () => {
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    await app.deps.store.changeProject(id, { fields: { logo_url: 'https://cdn.example/l.png' }, methods: {} });
    const answer = await hand.view((await hand.make()).path);
    expect(answer.headers.get('content-security-policy')).toContain('https://cdn.example');
    expect(await answer.text()).toContain('https://cdn.example/l.png');
    await app.deps.store.changeProject(id, { fields: { logo_url: null }, methods: {} });
  });

  test('does not exist for a number that was never given out, in any form, read or sent', async () => {
    const { no } = await hand.make();
    for (const number of [`LNK${'0'.repeat(22)}`, no.toLowerCase(), `${no}x`, no.slice(0, -1), 'x', '..%2f..', '%00']) {
      for (const answer of [await hand.view(`/zh-tw/link/${number}`), await hand.post(`/zh-tw/link/${number}`)]) {
        expect([number, answer.status]).toEqual([number, 404]);
        expect(await answer.text()).toContain('找不到這個付款頁');
      }
    }
  });
});

describe('the form', () => {
  test('makes an All-in-One payment of the link’s project and goes on to its page', async () => {
    const link = await hand.make({
      amount: 980,
      item_name: '下午班',
      success_url: 'https://shop.example/thanks',
      metadata: { course: '7' },
    });
    const answer = await hand.post(link.path, {
      ...(await hand.fillIn(link.path)),
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
    expect((await app.deps.store.findPayment(no))?.payment.order).toEqual({
      itemName: '下午班',
      successUrl: 'https://shop.example/thanks',
      payokUrl: `${app.shop.url}/payok`,
      metadata: { course: '7' },
      buyerName: '王小明',
      buyerEmail: 'a@b.example',
    });
    const html = await hand.page(answer.headers.get('location') ?? '');
    expect(html).toContain('data-choice="ecpay/atm"');
    const events = (await app.call(`/api/paycore/payments/${no}/events`)).json.data.events as object[];
    expect(events[0]).toMatchObject({ type: 'payment.created', by: { type: 'payer' }, data: { link_no: link.no } });
  });

  test('keeps the language of its page', async () => {
    const { no } = await hand.make({ amount: 980 });
    expect((await hand.post(`/en/link/${no}`)).headers.get('location')).toStartWith('/en/pay/');
    expect((await hand.post(`/xx/link/${no}`)).headers.get('location')).toStartWith('/zh-tw/pay/');
  });

  test('takes the amount from the payer where the shop left it out', async () => {
    const { path } = await hand.make({ min_amount: 100, max_amount: 5000 });
    const fields = await hand.fillIn(path);
    expect(await app.find(paymentOf(await hand.post(path, { ...fields, amount: '１，２３４' })))).toMatchObject({
      amount: 1234,
    });
    const usd = await hand.make({ currency: 'USD' });
    expect(await app.find(paymentOf(await hand.post(usd.path, { amount: '10.99' })))).toMatchObject({
      amount: 10.99,
      currency: 'USD',
    });
  });

  test('cannot change an amount that the shop has set', async () => {
    const { path } = await hand.make({ amount: 980 });
    expect(
      await app.find(paymentOf(await hand.post(path, { amount: '1', currency: 'JPY', merchant_order_no: 'X' }))),
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
    const { no, path } = await hand.make({ min_amount: 100, max_amount: 5000 });
    const before = await app.rows.count('payments');
    const answer = await hand.post(path, { amount, buyer_name: '王小明' });
    const html = await answer.text();
    expect([answer.status, await problemsOf(html), html.includes(words)]).toEqual([422, ['amount'], true]);
    expect(html).not.toContain('<script>');
    expect((await readAttributes(html, '#buyer_name'))[0]?.value).toBe('王小明');
    const english = await (await hand.post(`/en/link/${no}`, { amount })).text();
    expect(english).toMatch(/Please enter|must be at least|can be at most/);
    expect(await app.rows.count('payments')).toBe(before);
  });

  test('names every bad field at once', async () => {
    const { path } = await hand.make();
    const wrong = [
      { amount: 'x', buyer_name: 'x'.repeat(101), buyer_email: 'no' },
      { amount: '', buyer_name: '🍵'.repeat(150), buyer_email: `${'a'.repeat(150)}@b.example` },
      { amount: '1.1', buyer_name: 'y'.repeat(9000), buyer_email: 'a@b@c' },
    ];
    for (const fields of wrong) {
      const answer = await hand.post(path, fields);
      expect([answer.status, await problemsOf(await answer.text())]).toEqual([
        422,
        ['amount', 'buyer_name', 'buyer_email'],
      ]);
    }
  });

  test('keeps control characters of a name away from what comes after', async () => {
    const { path } = await hand.make({ amount: 980 });
    const no = paymentOf(await hand.post(path, { buyer_name: ' a\u0000b\r\nc\u007f ' }));
    expect((await app.deps.store.findPayment(no))?.payment.order.buyerName).toBe('a b  c');
  });

  test('that is no form, or more than a form, is answered with the page', async () => {
    const { path } = await hand.make();
    const bodies: readonly RequestInit[] = [
      { body: '{"amount":100}', headers: { 'content-type': 'application/json' } },
      { body: new Uint8Array([0xff, 0xfe, 0x00]) },
      {},
    ];
    for (const init of bodies) expect((await app.request(path, { method: 'POST', ...init })).status).toBe(422);
    const huge = await hand.post(path, { amount: '100', buyer_name: 'x'.repeat(20_000) });
    expect([huge.status, (await huge.text()).includes('name="amount"')]).toEqual([413, true]);
  });

  test('sent twice by an impatient finger makes one payment, two visits make two', async () => {
    const { path } = await hand.make({ amount: 980 });
    const fields = await hand.fillIn(path);
    const answers = await Promise.all([1, 2, 3].map(() => hand.post(path, fields)));
    expect(new Set(answers.map(paymentOf)).size).toBe(1);
    const other = paymentOf(await hand.post(path, await hand.fillIn(path)));
    expect(other).not.toBe(paymentOf(present(answers[0])));
  });

  test('sent again after going back and changing the amount makes another payment', async () => {
    const { path } = await hand.make();
    const fields = await hand.fillIn(path);
    const one = paymentOf(await hand.post(path, { ...fields, amount: '100' }));
    const two = paymentOf(await hand.post(path, { ...fields, amount: '200' }));
    expect([one === two, (await app.find(two)).amount]).toEqual([false, 200]);
    expect(paymentOf(await hand.post(path, { ...fields, amount: '100' }))).toBe(one);
  });

  test('with somebody else’s idea of a hidden field is one more payment', async () => {
    const { path } = await hand.make({ amount: 980 });
    for (const form_key of ['', 'x', 'form_', `form_${'é'.repeat(22)}`, 'y'.repeat(3000)]) {
      expect(paymentOf(await hand.post(path, { form_key }))).not.toBe(paymentOf(await hand.post(path, { form_key })));
    }
  });

  test('uses the project’s addresses of today where the link has none of its own', async () => {
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    const { path } = await hand.make({ amount: 980, payok_url: undefined });
    const urls = { payok_url: `${app.shop.url}/own`, success_url: 'https://shop.example/ok' };
    await app.deps.store.changeProject(id, { fields: urls, methods: {} });
    const { order } = present(await app.deps.store.findPayment(paymentOf(await hand.post(path)))).payment;
    expect(order).toMatchObject({ payokUrl: urls.payok_url, successUrl: urls.success_url, itemName: 'Tea' });
    await app.deps.store.changeProject(id, { fields: { payok_url: null, success_url: null }, methods: {} });
  });
});
