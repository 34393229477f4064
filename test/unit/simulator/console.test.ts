import { describe, expect, test } from 'bun:test';
import {
  account,
  aioFields,
  checkOut,
  codeData,
  errorCode,
  generate,
  get,
  ORIGIN,
  type OrderView,
  openReply,
  orderOf,
  otherAccount,
  postForm,
  postJson,
  type Reply,
  signed,
  start,
  useShop,
} from './support.ts';

const { shop, timers, simulator } = useShop({ retrySeconds: 5 });

const arrive = (changes: Record<string, string> = {}) =>
  checkOut(simulator, { ReturnURL: shop.url('/return'), ...changes });
const issueCode = (changes: Record<string, unknown> = {}) =>
  generate(simulator, codeData(changes, { ReturnURL: shop.url('/return') }));
const act = (no: string, action: string, body?: unknown) =>
  postJson(simulator, `/simulator/orders/${no}/${action}`, body);
const actOrder = async (no: string, action: string, body?: unknown) =>
  (await (await act(no, action, body)).json()) as OrderView;
const notice = (at: number) => openReply(JSON.parse(shop.received.at(at)?.body ?? '{}') as Reply);

describe('pay', () => {
  test('a background order: envelope, headers, data', async () => {
    await issueCode();
    const order = await actOrder('CODE0001', 'pay');
    expect(order).toMatchObject({ status: 'paid', kind: 'background', custom_field: 'PAY1' });
    expect(order.callbacks).toMatchObject([{ kind: 'paid', status: 200, answer: '1|OK', acknowledged: true }]);
    const { headers, body } = shop.received[0] ?? { headers: new Headers(), body: '' };
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('accept')).toBe('text/html');
    expect(headers.get('user-agent')).toBe('Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 5.0)');
    expect(JSON.parse(body)).toMatchObject({ MerchantID: account.merchantId, TransCode: 1, TransMsg: 'Success' });
    expect(notice(0)).toMatchObject({ RtnCode: 1, RtnMsg: 'Success', CustomField: 'PAY1' });
    expect(notice(0).OrderInfo).toMatchObject({ TradeStatus: '1', TradeAmt: 980, PaymentDate: '2026/06/22 15:30:00' });
    expect(notice(0)).not.toHaveProperty('SimulatePaid');
  });

  test('simulated', async () => {
    await issueCode({ ChoosePayment: 'CVS', ATMInfo: undefined, CVSInfo: {} });
    expect(await actOrder('CODE0001', 'pay', { simulated: true })).toMatchObject({ status: 'paid', simulated: true });
    expect(notice(0)).toMatchObject({ SimulatePaid: 1, CVSInfo: { PayFrom: 'family' } });
    expect(notice(0).OrderInfo.TradeStatus).toBe('0');
    await arrive();
    await act('ORDER0001', 'pay', { simulated: true });
    expect(shop.form(1).SimulatePaid).toBe('1');
  });

  test('several times, at once, without callback, later', async () => {
    await arrive({ MerchantTradeNo: 'A' });
    await act('A', 'pay', { times: 3 });
    expect(shop.received).toHaveLength(3);
    await arrive({ MerchantTradeNo: 'B' });
    expect((await actOrder('B', 'pay', { times: 4, parallel: true })).callbacks).toHaveLength(4);
    await arrive({ MerchantTradeNo: 'C' });
    expect(await actOrder('C', 'pay', { callback: false })).toMatchObject({ status: 'paid', callbacks: [] });
    await arrive({ MerchantTradeNo: 'D' });
    const later = await actOrder('D', 'pay', { delay_ms: 2000 });
    expect(later).toMatchObject({ status: 'paid', callbacks: [] });
    expect(later.retry_at).toBe('2026-06-22T07:30:02.000Z');
    expect(timers.waiting.map((timer) => timer.ms)).toEqual([2000]);
    await timers.fire();
    expect((await orderOf(simulator, 'D')).callbacks).toHaveLength(1);
  });

  test('an order for ALL takes a method, a number method its number first', async () => {
    await arrive({ ChoosePayment: 'ALL', PaymentInfoURL: shop.url('/info') });
    const order = await actOrder('ORDER0001', 'pay', { method: 'CVS' });
    expect(order).toMatchObject({ status: 'paid', method: 'CVS', payment_type: 'CVS_CVS' });
    expect(shop.received.map((received) => received.path)).toEqual(['/info', '/return']);
  });

  test('twice is a conflict', async () => {
    await arrive();
    await act('ORDER0001', 'pay');
    expect((await act('ORDER0001', 'pay')).status).toBe(409);
    expect((await act('ORDER0001', 'decline')).status).toBe(409);
    expect((await act('ORDER0001', 'expire')).status).toBe(409);
  });
});

describe('decline, expire, issue', () => {
  test('decline with its own code', async () => {
    await issueCode();
    await act('CODE0001', 'decline', { code: '10200043', message: '3D failed' });
    expect(notice(0)).toMatchObject({ RtnCode: 10200043, RtnMsg: '3D failed' });
    expect((await act('CODE0001', 'decline', { code: '1' })).status).toBe(400);
  });

  test('expire sends nothing and does not keep late money away', async () => {
    await issueCode();
    expect((await actOrder('CODE0001', 'expire')).status).toBe('expired');
    expect(shop.received).toHaveLength(0);
    expect((await actOrder('CODE0001', 'pay')).status).toBe('paid');
  });

  test('a number expires by the clock', async () => {
    let now = Date.UTC(2026, 5, 22, 7, 30);
    const other = start({ now: () => now });
    await checkOut(other, { ChoosePayment: 'ATM' });
    now += 4 * 24 * 3600 * 1000;
    expect((await orderOf(other, 'ORDER0001')).status).toBe('expired');
  });

  test('issue chooses a method and tells PaymentInfoURL, again when asked again', async () => {
    await arrive({ ChoosePayment: 'ALL', PaymentInfoURL: shop.url('/info') });
    const first = await actOrder('ORDER0001', 'issue', { method: 'BARCODE' });
    const second = await actOrder('ORDER0001', 'issue');
    expect(second.info).toEqual(first.info);
    expect(shop.received).toHaveLength(2);
    await issueCode();
    expect((await act('CODE0001', 'issue')).status).toBe(409);
  });
});

describe('what is not acknowledged comes again', () => {
  const answers: [string, () => Response][] = [
    ['another text', () => new Response('OK')],
    ['quotes', () => new Response('"1|OK"')],
    ['a line end', () => new Response('1|OK\n')],
    ['a byte order mark', () => new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x31, 0x7c, 0x4f, 0x4b]))],
    ['lower case', () => new Response('1|ok')],
    ['status 201', () => new Response('1|OK', { status: 201 })],
    ['a redirect', () => new Response('1|OK', { status: 302, headers: { location: '/elsewhere' } })],
  ];
  for (const [name, answer] of answers) {
    test(name, async () => {
      shop.answer = answer;
      await arrive();
      const order = await actOrder('ORDER0001', 'pay');
      expect(order.callbacks).toMatchObject([{ acknowledged: false }]);
      expect(order.retry_at).toBe('2026-06-22T07:30:05.000Z');
      expect(timers.waiting.map((timer) => timer.ms)).toEqual([5000]);
      expect(shop.received.map((received) => received.path)).toEqual(['/return']);
    });
  }

  test('four more times, worded as a repetition, then no more', async () => {
    shop.answer = () => new Response('0|no', { status: 400 });
    await arrive();
    await act('ORDER0001', 'pay');
    await timers.fireTimes(4);
    expect(shop.received).toHaveLength(5);
    expect(shop.form(0).RtnMsg).toBe('交易成功');
    expect(shop.form(1).RtnMsg).toBe('paid');
    expect(shop.form(1).CheckMacValue).not.toBe(shop.form(0).CheckMacValue);
    expect(await orderOf(simulator, 'ORDER0001')).not.toHaveProperty('retry_at');
  });

  test('until it is', async () => {
    shop.answer = () => new Response('', { status: 503 });
    await issueCode();
    await act('CODE0001', 'pay');
    shop.answer = () => new Response('1|OK');
    await timers.fire();
    await timers.fire();
    expect(shop.received).toHaveLength(2);
    const order = await orderOf(simulator, 'CODE0001');
    expect(order.callbacks.map((callback) => callback.acknowledged)).toEqual([false, true]);
    expect(order).not.toHaveProperty('retry_at');
  });

  test('a shop that cannot be reached', async () => {
    await checkOut(simulator, { ReturnURL: 'http://127.0.0.1:1/return' });
    const order = await actOrder('ORDER0001', 'pay');
    expect(order.callbacks).toMatchObject([{ status: null, acknowledged: false, error: expect.any(String) }]);
    expect(timers.waiting).toHaveLength(1);
  });
});

test('repeat sends the last callback again, worded differently', async () => {
  await arrive();
  expect((await act('ORDER0001', 'repeat')).status).toBe(409);
  await act('ORDER0001', 'pay');
  await act('ORDER0001', 'repeat', { times: 2, parallel: true });
  expect(shop.received).toHaveLength(3);
  expect(shop.form(2)).toMatchObject({ RtnCode: '1', RtnMsg: 'paid' });
  const { CheckMacValue: _, ...rest } = shop.form(2);
  expect(signed(rest)).toEqual(shop.form(2));
});

test('at most twenty callbacks of one order wait', async () => {
  await arrive();
  await act('ORDER0001', 'pay');
  const later = { delay_ms: 1000 };
  for (let sent = 0; sent < 20; sent += 1) expect((await act('ORDER0001', 'repeat', later)).status).toBe(200);
  expect(await (await act('ORDER0001', 'repeat', later)).json()).toMatchObject({ error: { code: 'TOO_MANY_PENDING' } });
  expect(timers.waiting).toHaveLength(20);
});

test('merchant_id tells two orders of one number apart, and so do the forms of their pages', async () => {
  const keys = otherAccount;
  await arrive();
  await checkOut(simulator, { MerchantID: keys.merchantId, ReturnURL: shop.url('/other') }, keys);
  const path = '/simulator/orders/ORDER0001';
  for (const merchant_id of [account.merchantId, keys.merchantId]) {
    const one = await get(simulator, `${path}?merchant_id=${merchant_id}`);
    expect(await one.json()).toMatchObject({ merchant_id });
  }
  const page = await (await get(simulator, `${path}/page?merchant_id=${keys.merchantId}`)).text();
  const [, action = ''] = /<form[^>]+action="([^"]+\/pay[^"]*)"/.exec(page) ?? [];
  await postForm(simulator, action.replaceAll('&amp;', '&'), {});
  expect(shop.received.map((received) => received.path)).toEqual(['/other']);
});

describe('accounts and reset', () => {
  test('an added account may order', async () => {
    const added = { merchant_id: '7777777', hash_key: 'abcdefghijklmnop', hash_iv: 'ponmlkjihgfedcba' };
    expect((await postJson(simulator, '/simulator/accounts', added)).status).toBe(201);
    const keys = { merchantId: '7777777', hashKey: 'abcdefghijklmnop', hashIv: 'ponmlkjihgfedcba' };
    expect(errorCode(await checkOut(simulator, { MerchantID: '7777777' }, keys))).toBe('');
    const listed = (await (await get(simulator, '/simulator/accounts')).json()) as { accounts: unknown[] };
    expect(listed.accounts).toContainEqual(added);
    expect((await postJson(simulator, '/simulator/accounts', { ...added, hash_key: 'short' })).status).toBe(400);
  });

  test('reset forgets orders, numbers and waiting callbacks', async () => {
    shop.answer = () => new Response('no');
    await arrive();
    await act('ORDER0001', 'pay');
    await postJson(simulator, '/simulator/reset');
    expect(timers.waiting).toHaveLength(0);
    expect((await get(simulator, '/simulator/orders/ORDER0001')).status).toBe(404);
    expect(errorCode(await arrive())).toBe('');
  });
});

describe('JSON', () => {
  test('newest first, with a limit', async () => {
    for (const no of ['A', 'B', 'C']) await arrive({ MerchantTradeNo: no });
    const list = (await (await get(simulator, '/simulator/orders?limit=2')).json()) as { orders: OrderView[] };
    expect(list.orders.map((order) => order.merchant_trade_no)).toEqual(['C', 'B']);
    expect((await get(simulator, '/simulator/orders?limit=0')).status).toBe(400);
  });

  test('errors', async () => {
    const unknown = await act('NOPE', 'pay');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({ error: { code: 'ORDER_NOT_FOUND', message: 'No order NOPE.' } });
    await arrive();
    expect((await act('ORDER0001', 'constructor')).status).toBe(404);
    expect((await act('ORDER0001', 'pay', { times: 101 })).status).toBe(400);
    expect((await act('ORDER0001', 'pay', { simulated: 'perhaps' })).status).toBe(400);
    expect((await act('ORDER0001', 'pay', { method: 'Cash' })).status).toBe(400);
    expect((await act('ORDER0001', 'pay', [])).status).toBe(400);
    expect((await orderOf(simulator, 'ORDER0001')).status).toBe('created');
  });

  test('a program may post a form or call its JSON one, as curl does', async () => {
    for (const [no, body] of Object.entries({ A: 'simulated=1', B: '{"simulated":true}' })) {
      await arrive({ MerchantTradeNo: no });
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: '*/*' };
      const request = new Request(`${ORIGIN}/simulator/orders/${no}/pay`, { method: 'POST', headers, body });
      expect(await (await simulator.fetch(request)).json()).toMatchObject({ status: 'paid', simulated: true });
    }
  });

  test('the listing names every route', async () => {
    const listing = await (await get(simulator, '/simulator/api')).text();
    for (const word of ['/pay', '/decline', '/expire', '/issue', '/repeat', '/forge', '/accounts', '/reset']) {
      expect(listing).toContain(word);
    }
  });
});

describe('pages', () => {
  test('list, detail and forms that lead back', async () => {
    await arrive({ ItemName: 'a < b' });
    const list = await (await get(simulator, '/simulator')).text();
    expect(list).toContain('Simulator — no real money');
    expect(list).toContain('ORDER0001');
    const response = await postForm(simulator, `/simulator/orders/ORDER0001/pay?merchant_id=${account.merchantId}`, {
      simulated: '1',
    });
    expect(response.status).toBe(303);
    const page = await (await get(simulator, response.headers.get('location') ?? '')).text();
    expect(page).toContain('paid (simulated)');
    expect(page).toContain('1|OK');
  });

  test('style and script are served', async () => {
    const style = await get(simulator, '/simulator/assets/simulator.css');
    expect(style.headers.get('content-type')).toContain('text/css');
    expect((await get(simulator, '/simulator/assets/simulator.js')).status).toBe(200);
    expect((await get(simulator, '/simulator/assets/other.js')).status).toBe(404);
    // Browsers ask by themselves, and note a 404 down as an error of the page.
    expect((await get(simulator, '/favicon.ico')).status).toBe(204);
  });

  test('a browser is told of an error in a page', async () => {
    const headers = { accept: 'text/html' };
    const response = await simulator.fetch(new Request(`${ORIGIN}/simulator/orders/NOPE/page`, { headers }));
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('No order NOPE.');
  });
});

test('every field of a cashier request is kept as sent', async () => {
  await arrive({ Remark: 'x' });
  const { fields } = await orderOf(simulator, 'ORDER0001');
  expect(fields).toEqual(aioFields({ ReturnURL: shop.url('/return'), Remark: 'x' }));
});

test('a host that is none is told so, in the shape of its errors', async () => {
  const request = new Request(`${ORIGIN}/simulator/orders`);
  Object.defineProperty(request, 'url', { value: 'http://[/simulator/orders' });
  const answer = await simulator.fetch(request);
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'HOST_INVALID' } }]);
});
