import { describe, expect, test } from 'bun:test';
import { exampleOrder } from '../support/app.ts';
import { useApp } from '../support/apps.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';

/** A database that cannot be written: the disk is full, or somebody made the folder read-only. */
const app = useApp();

const makeReadOnly = () => app.tamper.refuseWrites();
const makeWritable = () => app.tamper.allowWrites();

interface Made {
  readonly paymentNo: string;
  readonly orderNo: string;
}

async function makeMany(count: number): Promise<readonly Made[]> {
  const made = await Promise.all(Array.from({ length: count }, () => app.create('ecpay/atm')));
  return made.map(({ json }) => ({
    paymentNo: String(json.data.payment_no),
    orderNo: String(json.data.gateway_order_no),
  }));
}

async function lastAnswer(orderNo: string, action: string): Promise<{ status: number; answer: string }> {
  const { callbacks } = await app.simulate(orderNo, action);
  return (callbacks as { status: number; answer: string }[]).at(-1) ?? { status: 0, answer: '' };
}

/** The gateway says it again, and now everything is paid and told once. */
async function repeatAll(made: Awaited<ReturnType<typeof makeMany>>): Promise<void> {
  for (const { orderNo, paymentNo } of made) {
    expect(await lastAnswer(orderNo, 'repeat')).toMatchObject({ status: 200, answer: '1|OK' });
    expect(await app.find(paymentNo)).toMatchObject({ status: 'paid', flags: [] });
  }
  await app.deliver();
  expect(app.shop.received.length).toBe(made.length);
  expect(describeBroken(await checkInvariants(app.place))).toEqual([]);
}

describe('while the database is read-only', () => {
  test('a callback is answered 503, so that the gateway comes again, and nothing has changed', async () => {
    const made = await makeMany(20);
    await makeReadOnly();
    const answers = await Promise.all(made.map(({ orderNo }) => lastAnswer(orderNo, 'pay')));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(503));
    for (const { answer } of answers) expect(answer).toStartWith('0|');
    for (const { paymentNo } of made) expect(await app.find(paymentNo)).toMatchObject({ status: 'pending', flags: [] });
    await makeWritable();
    await repeatAll(made);
  });

  test('a refused callback that cannot be kept does not break anything either', async () => {
    const [made] = await makeMany(1);
    await makeReadOnly();
    const forged = await app.simulate(made?.orderNo ?? '', 'forge', { kind: 'other-keys' });
    expect(forged).toMatchObject({ acknowledged: false });
    const mismatch = await app.simulate(made?.orderNo ?? '', 'forge', { kind: 'amount' });
    expect(mismatch).toMatchObject({ acknowledged: false });
  });

  test('a create is answered 503 in the shape of the API and nobody is called; afterwards the order is free', async () => {
    const order = exampleOrder(app.shop.url);
    await makeReadOnly();
    for (const headers of [{}, { 'idempotency-key': 'broken' }]) {
      const { status, json } = await app.create('ecpay/atm', order, headers);
      expect([status, json.error as object]).toEqual([503, { error_code: 'STORAGE_UNAVAILABLE' }]);
    }
    expect(app.gateway.received).toEqual([]);
    await makeWritable();
    const made = await app.create('ecpay/atm', order, { 'idempotency-key': 'broken' });
    expect([made.status, made.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  test('reading goes on, readiness says no, and a page that must write says so on a page', async () => {
    const { json } = await app.create('ecpay/aio');
    const { pathname, search } = new URL(String(json.data.payment_url));
    const go = () => app.request(`${pathname}/go${search}`, { method: 'POST' });
    expect((await app.request('/readyz')).status).toBe(200);
    await makeReadOnly();
    expect((await app.call(`/api/paycore/payments/${json.data.payment_no}`)).status).toBe(200);
    expect((await app.request(pathname + search)).status).toBe(200);
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(503);
    const page = await go();
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    await makeWritable();
    expect((await app.request('/readyz')).status).toBe(200);
    expect((await go()).status).toBe(200);
  });
});

describe('while the disk is full', () => {
  test('a callback is acknowledged when it was written and answered 503 when it was not, never anything else', async () => {
    const made = await makeMany(60);
    await app.tamper.fillDisk();
    const answers = await Promise.all(made.map(({ orderNo }) => lastAnswer(orderNo, 'pay')));
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(20);
    for (const [index, { paymentNo }] of made.entries()) {
      const paid = answers[index]?.status === 200;
      expect(await app.find(paymentNo)).toMatchObject({ status: paid ? 'paid' : 'pending' });
    }
    expect(await app.rows.count('outbox')).toBe(answers.filter(({ status }) => status === 200).length);
    await app.tamper.makeRoom();
    await repeatAll(made);
  });

  test('creates that do not fit are answered 503 and leave nothing behind', async () => {
    await makeMany(1);
    await app.tamper.fillDisk();
    const orders = Array.from({ length: 60 }, () => exampleOrder(app.shop.url));
    // One after the other at first: what comes at once shares a transaction, and does not fit together.
    const answers: Awaited<ReturnType<typeof app.create>>[] = [];
    for (const order of orders.slice(0, 20)) answers.push(await app.create('ecpay/aio', order));
    answers.push(...(await Promise.all(orders.slice(20).map((order) => app.create('ecpay/aio', order)))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
    expect(await app.rows.count('payments')).toBe(1 + answers.filter(({ status }) => status === 201).length);
    expect(await app.rows.count('attempts')).toBe(await app.rows.count('payments'));
    await app.tamper.makeRoom();
    const again = await Promise.all(orders.map((order) => app.create('ecpay/aio', order)));
    expect(again.map(({ status }) => status)).toEqual(answers.map(({ status }) => (status === 201 ? 200 : 201)));
  });
});

test('what a gateway answered is not lost when the database goes away in that very moment', async () => {
  app.gateway.answer = async ({ path }) => {
    if (path.endsWith('GenPaymentCode')) await makeReadOnly();
    return null;
  };
  expect((await app.create('ecpay/atm')).status).toBe(503);
  app.gateway.answer = null;
  await makeWritable();
  const [payment] = await app.rows.payments();
  const [attempt] = await app.rows.attempts({ paymentId: payment?.id ?? 0 });
  expect(attempt?.status).toBe('unknown');
  await app.simulate(attempt?.gatewayOrderNo ?? '', 'pay');
  expect(await app.find(payment?.paymentNo ?? '')).toMatchObject({ status: 'paid', flags: [] });
});
