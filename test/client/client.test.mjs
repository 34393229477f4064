/**
 * The built client, from Node, Bun and Deno alike: against a real PayCore (PAYCORE_URL, PAYCORE_API_KEY,
 * PAYCORE_NOTIFICATION_SECRET, PAYCORE_SIMULATOR_URL), and against servers that fail as networks do.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import * as client from '@paycore/client';
import { bad, connect, failing, good, payAtGateway, SECRET_KEY, send, serve, stopServers, until } from './support.mjs';

const { PayCore, verifyNotification } = client;
const { PAYCORE_URL, PAYCORE_API_KEY, PAYCORE_NOTIFICATION_SECRET, PAYCORE_SIMULATOR_URL } = process.env;

const paycore = new PayCore({ url: PAYCORE_URL, apiKey: PAYCORE_API_KEY });
const runtime = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node';
let orders = 0;
const orderNo = () => `${runtime}-${process.pid}-${Date.now()}-${++orders}`;

after(stopServers);

test('makes a payment whose way the payer picks, and finds it again', async () => {
  const order = orderNo();
  const made = await paycore.checkout.create({ merchant_order_no: order, amount: '980', metadata: { cart: '42' } });
  assert.equal(made.created, true);
  assert.match(made.payment_url, /^http/);
  const found = await paycore.payments.get(made.payment_no);
  assert.deepEqual([found.merchant_order_no, found.amount, found.metadata], [order, 980, { cart: '42' }]);
  assert.equal((await paycore.checkout.create({ merchant_order_no: order, amount: 980 })).created, false);
  const conflict = await failing(paycore.checkout.create({ merchant_order_no: order, amount: 981 }));
  assert.ok(conflict instanceof client.OrderConflictError && conflict instanceof client.ConflictError);
  assert.deepEqual([conflict.code, conflict.status, conflict.paymentNo], ['ORDER_CONFLICT', 409, made.payment_no]);
  assert.match(conflict.requestId, /^req_/);
  assert.equal((await paycore.payments.cancel(made.payment_no)).status, 'failed');
});

test('makes a payment by its route, hears that it is paid, and believes only what PayCore signed', async () => {
  const shop = await serve((response) => send(response, 204, ''));
  const made = await paycore.pay('ecpay/atm', {
    merchant_order_no: orderNo(),
    amount: 980,
    payok_url: `${shop.url}/ok`,
  });
  assert.match(made.payment_info.virtual_account, /^\d+$/);
  await payAtGateway(made);
  const { headers, body } = await until('a notification', () => shop.asked[0]);
  const told = await verifyNotification(PAYCORE_NOTIFICATION_SECRET, headers, body);
  assert.deepEqual([told.event, told.payment_no, told.status], ['payment.paid', made.payment_no, 'paid']);
  const asWeb = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const secrets = ['whsec_b3RoZXI=', PAYCORE_NOTIFICATION_SECRET];
  assert.deepEqual(await verifyNotification(secrets, asWeb, body.toString()), told);
  const forged = await failing(verifyNotification(PAYCORE_NOTIFICATION_SECRET, headers, `${body} `));
  assert.ok(forged instanceof client.NotificationError);
  assert.equal(forged.code, 'SIGNATURE_INVALID');
  const late = { now: Date.now() + 301_000 };
  const old = await failing(verifyNotification(PAYCORE_NOTIFICATION_SECRET, headers, body, late));
  assert.equal(old.code, 'TIMESTAMP_TOO_OLD');

  assert.equal((await paycore.payments.sync(made.payment_no)).sync.result, 'paid');
  assert.equal((await paycore.payments.resendNotification(made.payment_no)).event, 'payment.paid');
  const events = [];
  for await (const event of paycore.payments.events(made.payment_no, { limit: 1 })) events.push(event.type);
  assert.equal(events[0], 'payment.created');
  assert.ok(events.includes('payment.paid'));
  const refused = await failing(paycore.payments.cancel(made.payment_no));
  assert.ok(refused instanceof client.ConflictError);
  assert.equal(refused.code, 'PAYMENT_ALREADY_PAID');
});

test('pays back once, however often it is asked with one key', async () => {
  const made = await paycore.pay('stripe/credit', { merchant_order_no: orderNo(), amount: 98_000 });
  await payAtGateway(made);
  await until('paid', async () => (await paycore.payments.get(made.payment_no)).status === 'paid');
  const once = { idempotencyKey: `refund-${made.payment_no}` };
  const [one, other] = await Promise.all(
    [1, 2].map(() => paycore.refunds.create(made.payment_no, { amount: 10_000 }, once)),
  );
  assert.equal(one.refund_no, other.refund_no);
  const listed = await paycore.refunds.list(made.payment_no);
  assert.deepEqual(
    listed.map((refund) => [refund.refund_no, refund.amount]),
    [[one.refund_no, 10_000]],
  );
  const more = await failing(paycore.refunds.create(made.payment_no, { amount: 90_000 }));
  assert.equal(more.code, 'REFUND_EXCEEDS_AMOUNT');
});

test('settles a payment whose outcome the gateway left open, and makes one payment of it', async () => {
  const fault = { route: 'stripe-create', kind: 'html', times: 1 };
  const told = await fetch(`${PAYCORE_SIMULATOR_URL}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  assert.ok(told.ok, await told.text());
  const body = { merchant_order_no: orderNo(), amount: 98_000 };
  const lost = await failing(paycore.pay('stripe/credit', body, { retries: 0 }));
  assert.ok(lost instanceof client.OutcomeUnknownError, inspect(lost));
  assert.equal((await paycore.pay('stripe/credit', body)).payment_no, lost.paymentNo);
});

test('lists payments page by page, and as many as are asked for', async () => {
  const start = orderNo();
  for (const end of ['a', 'b', 'c']) await paycore.checkout.create({ merchant_order_no: `${start}${end}`, amount: 5 });
  const list = paycore.payments.list({ number: start, limit: 2 });
  const seen = [];
  for await (const payment of list) seen.push(payment.merchant_order_no.at(-1));
  assert.deepEqual(seen, ['c', 'b', 'a']);
  const sizes = [];
  for await (const page of list.pages()) sizes.push(page.items.length);
  assert.deepEqual(sizes, [2, 1]);
  const first = await list.page();
  const second = await paycore.payments.list({ number: start, limit: 2, cursor: first.nextCursor }).page();
  assert.deepEqual([second.items.length, second.nextCursor], [1, null]);
});

test('makes, finds, lists and closes payment links', async () => {
  const link = await paycore.links.create({ title: '課程', amount: 980 });
  assert.equal((await paycore.links.get(link.link_no)).title, '課程');
  assert.ok((await paycore.links.list({ limit: 100 }).page()).items.some(({ link_no }) => link_no === link.link_no));
  assert.equal((await paycore.links.close(link.link_no)).status, 'closed');
});

test('tells of methods, figures, balance and health', async () => {
  const methods = await paycore.methods.list();
  assert.ok(methods.some(({ name, credentials }) => name === 'ecpay/atm' && credentials === 'stored'));
  assert.equal((await paycore.overview({ timezone: 'Asia/Tokyo' })).timezone, 'Asia/Tokyo');
  assert.equal((await paycore.action('plus/balance')).gateway, 'plus');
  assert.equal((await paycore.health()).status, 'ok');
  assert.equal((await paycore.readiness()).status, 'ready');
});

test('public calls work without a key, and the others say that one is missing', async () => {
  const stranger = new PayCore({ url: `${PAYCORE_URL}/` });
  assert.equal((await stranger.overview()).public, false);
  assert.equal((await stranger.health()).status, 'ok');
  const refused = await failing(stranger.methods.list());
  assert.ok(refused instanceof client.AuthenticationError);
  assert.deepEqual([refused.code, refused.status], ['API_KEY_INVALID', 401]);
});

test('errors say what a shop decides by', async () => {
  const invalid = await failing(paycore.checkout.create({ merchant_order_no: orderNo(), amount: 0 }));
  assert.ok(invalid instanceof client.ValidationError && invalid instanceof client.PayCoreError);
  assert.deepEqual(Object.keys(invalid.fields), ['amount']);
  assert.equal(invalid.name, 'ValidationError');
  const missing = await failing(paycore.payments.get('PAY202001010001ABCDEFGH'));
  assert.ok(missing instanceof client.NotFoundError);
  assert.equal(missing.code, 'PAYMENT_NOT_FOUND');
  const unknown = await failing(paycore.pay('ecpay/gold', {}));
  assert.ok(unknown instanceof client.NotFoundError);
});

test('sends the very same request again after 503, and the same key with it', async () => {
  const server = await serve((response, number) =>
    number === 1 ? send(response, 503, bad('STORAGE_UNAVAILABLE')) : send(response, 201, good),
  );
  const { waits, paycore } = connect(server.url);
  assert.equal((await paycore.checkout.create({ merchant_order_no: 'A', amount: 1 })).payment_no, 'PAY1');
  const [one, other] = server.asked;
  assert.match(one.headers['idempotency-key'], /^[0-9a-f]{36}$/);
  assert.equal(one.headers['idempotency-key'], other.headers['idempotency-key']);
  assert.deepEqual(one.body, other.body);
  assert.equal(one.headers['x-api-key'], SECRET_KEY);
  assert.deepEqual(waits, [250]);
  await paycore.checkout.create({ merchant_order_no: 'A', amount: 1 });
  assert.notEqual(server.asked[2].headers['idempotency-key'], one.headers['idempotency-key']);
  await paycore.checkout.create({ merchant_order_no: 'A', amount: 1 }, { idempotencyKey: 'mine' });
  assert.equal(server.asked[3].headers['idempotency-key'], 'mine');
});

test('waits as long as Retry-After asks, but not beyond its own end', async () => {
  const server = await serve((response, number) =>
    number === 2 ? send(response, 200, good) : send(response, 429, bad('RATE_LIMITED'), { 'retry-after': '7' }),
  );
  const { waits, paycore } = connect(server.url);
  await paycore.payments.get('PAY1');
  assert.deepEqual(waits, [7000]);
  const limited = await failing(paycore.payments.get('PAY1', { deadlineMs: 5000 }));
  assert.ok(limited instanceof client.RateLimitedError);
  assert.deepEqual([limited.retryAfter, server.asked.length, waits.length], [7, 3, 1]);
});

test('gives up after its tries, longer apart each time, and says what was said last', async () => {
  const lost = bad('PAYMENT_GATEWAY_TIMEOUT', { payment_no: 'PAY2' });
  const server = await serve((response) => send(response, 504, lost, { 'x-request-id': 'req_1' }));
  const { waits, paycore } = connect(server.url);
  const error = await failing(paycore.pay('ecpay/cvs', { merchant_order_no: 'A', amount: 1 }));
  assert.ok(error instanceof client.OutcomeUnknownError);
  assert.deepEqual([error.paymentNo, error.requestId, error.status], ['PAY2', 'req_1', 504]);
  assert.deepEqual([server.asked.length, waits], [3, [250, 500]]);
});

test('what cannot change by itself is sent once', async () => {
  for (const [status, code] of [
    [400, 'INVALID_JSON'],
    [409, 'PAYMENT_IN_PROGRESS'],
    [422, 'A_NEW_CODE'],
    [500, 'INTERNAL_ERROR'],
  ]) {
    const server = await serve((response) => send(response, status, bad(code)));
    const error = await failing(connect(server.url).paycore.payments.sync('PAY1'));
    assert.deepEqual([error.code, error.status, server.asked.length], [code, status, 1]);
    assert.equal(error.message, `said ${code}`);
  }
  const refusal = { gateway: { code: '10200073', message: 'no' } };
  const server = await serve((response) => send(response, 422, bad('ECPAY_BACKGROUND_CODE_FAILED', refusal)));
  const error = await failing(connect(server.url).paycore.pay('ecpay/atm', { merchant_order_no: 'A', amount: 1 }));
  assert.ok(error instanceof client.GatewayRefusedError);
  assert.deepEqual(error.gateway, refusal.gateway);
});

test('a connection that breaks is tried again, before the answer and in the middle of it', async () => {
  const server = await serve((response, number) => {
    if (number === 1) return response.socket.destroy();
    if (number > 2) return send(response, 200, good);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"success":true,"da');
    setTimeout(() => response.socket.destroy(), 20);
  });
  const { paycore } = connect(server.url);
  assert.equal((await paycore.checkout.create({ merchant_order_no: 'A', amount: 1 })).payment_no, 'PAY1');
  assert.equal(server.asked.length, 3);
  assert.equal(new Set(server.asked.map(({ headers }) => headers['idempotency-key'])).size, 1);
});

test('a refund that may have been made is not hidden by what comes later, and its key makes it one refund', async () => {
  const made = new Map();
  const server = await serve((response, number, { headers }) => {
    const key = headers['idempotency-key'];
    if (!made.has(key)) made.set(key, `RF${made.size + 1}`);
    if (number === 1) return response.socket.destroy();
    if (number < 4) return send(response, 429, bad('RATE_LIMITED'), { 'retry-after': '9' });
    return send(response, 201, { ...good, data: { refund_no: made.get(key) } });
  });
  const { paycore } = connect(server.url);
  const error = await failing(paycore.refunds.create('PAY1', { amount: 100 }));
  assert.ok(error instanceof client.OutcomeUnknownError, inspect(error));
  assert.ok(error.cause instanceof client.RateLimitedError);
  assert.deepEqual([error.code, error.retryAfter, server.asked.length], ['OUTCOME_UNKNOWN', 9, 3]);
  assert.equal(error.idempotencyKey, server.asked[0].headers['idempotency-key']);
  const { idempotencyKey } = error;
  assert.equal((await paycore.refunds.create('PAY1', { amount: 100 }, { idempotencyKey })).refund_no, 'RF1');
  assert.equal(made.size, 1);
});

test('a proxy’s page leaves open what became of a POST, and a refusal of PayCore settles it', async () => {
  const page = [502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }];
  const server = await serve((response, number) =>
    number < 3 ? send(response, ...page) : send(response, 422, bad('REFUND_REFUSED')),
  );
  const { paycore } = connect(server.url);
  const open = await failing(paycore.refunds.create('PAY1', {}, { retries: 0, idempotencyKey: 'mine' }));
  assert.ok(open instanceof client.OutcomeUnknownError);
  assert.deepEqual([open.code, open.idempotencyKey], ['HTTP_502', 'mine']);
  const refused = await failing(paycore.refunds.create('PAY1', {}, { idempotencyKey: 'mine' }));
  assert.deepEqual([refused.code, refused.idempotencyKey, server.asked.length], ['REFUND_REFUSED', 'mine', 3]);
});

test('nobody there', async () => {
  const server = await serve(() => {});
  await server.stop();
  const error = await failing(connect(server.url, { retries: 1 }).paycore.health());
  assert.ok(error instanceof client.ConnectionError && !(error instanceof client.TimeoutError));
  assert.deepEqual([error.code, error.status], ['CONNECTION_FAILED', 0]);
});

test('an answer that does not come, or does not end, is given up in time', async () => {
  const silent = await serve((response, number) => {
    if (number > 1) response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  });
  const { paycore } = connect(silent.url, { timeoutMs: 150, retries: 1 });
  const error = await failing(paycore.payments.get('PAY1'));
  assert.ok(error instanceof client.TimeoutError && error instanceof client.ConnectionError);
  assert.deepEqual([error.code, silent.asked.length], ['TIMEOUT', 2]);
  const begun = Date.now();
  const ended = await failing(connect(silent.url, { deadlineMs: 150 }).paycore.payments.get('PAY1'));
  assert.equal(ended.code, 'TIMEOUT');
  assert.ok(Date.now() - begun < 2000);
});

test('a signal ends the call, also while it waits for the next try', async () => {
  const server = await serve((response, number) =>
    number === 2 ? send(response, 503, bad('SERVER_BUSY')) : undefined,
  );
  const paycore = new PayCore({ url: server.url, apiKey: SECRET_KEY });
  const reason = new Error('the customer left');
  const begun = Date.now();
  const silent = new AbortController();
  setTimeout(() => silent.abort(reason), 50);
  assert.equal(await failing(paycore.payments.get('PAY1', { signal: silent.signal })), reason);
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(reason), 100);
  assert.equal(await failing(paycore.payments.get('PAY1', { signal: waiting.signal })), reason);
  assert.equal(await failing(paycore.payments.get('PAY1', { signal: AbortSignal.abort(reason) })), reason);
  assert.ok(Date.now() - begun < 5000);
  assert.equal(server.asked.length, 2);
});

test('a redirect is not followed, and the key goes nowhere else', async () => {
  const other = await serve((response) => send(response, 200, good));
  for (const status of [301, 302, 307, 308]) {
    const server = await serve((response) => send(response, status, '', { location: `${other.url}/api` }));
    const { paycore } = connect(server.url);
    const error = await failing(paycore.checkout.create({ merchant_order_no: 'A', amount: 1 }));
    assert.ok(error instanceof client.AnswerError);
    assert.deepEqual([error.code, server.asked.length], ['REDIRECTED', 1]);
  }
  assert.equal(other.asked.length, 0);
});

test('what is no answer of PayCore is not taken for one', async () => {
  const html = { 'content-type': 'text/html' };
  for (const [status, body, headers, code, tries] of [
    [200, '<h1>Welcome to nginx</h1>', html, 'ANSWER_INVALID', 1],
    [200, { hello: 'world' }, {}, 'ANSWER_INVALID', 1],
    [200, '[]', {}, 'ANSWER_INVALID', 1],
    [200, 'null', {}, 'ANSWER_INVALID', 1],
    [200, '{"success":tr', {}, 'CONNECTION_FAILED', 3],
    [502, '<h1>Bad gateway</h1>', html, 'HTTP_502', 3],
    [404, '', {}, 'HTTP_404', 1],
    [403, '{"error":7}', {}, 'HTTP_403', 1],
  ]) {
    const server = await serve((response) => send(response, status, body, headers));
    const error = await failing(connect(server.url).paycore.payments.get('PAY1'));
    assert.ok(error instanceof client.PayCoreError);
    assert.deepEqual([error.code, server.asked.length], [code, tries], `${status} ${body}`);
  }
});

test('a server that is not ready says what is wrong, and that is an answer', async () => {
  const checks = { database: { ok: false, detail: 'read only' } };
  const server = await serve((response) => send(response, 503, { status: 'not ready', checks }));
  assert.equal((await connect(server.url).paycore.readiness()).checks.database.detail, 'read only');
  assert.equal(server.asked.length, 1);
});

test('no secret is seen in the client', () => {
  const { paycore } = connect('https://pay.shop.example');
  for (const text of [inspect(paycore, { depth: 9, showHidden: true }), JSON.stringify(paycore), String(paycore)]) {
    assert.ok(!text.includes(SECRET_KEY));
  }
  globalThis.Deno && assert.ok(!globalThis.Deno.inspect(paycore, { depth: 9 }).includes(SECRET_KEY));
  globalThis.Bun && assert.ok(!globalThis.Bun.inspect(paycore, { depth: 9 }).includes(SECRET_KEY));
});
