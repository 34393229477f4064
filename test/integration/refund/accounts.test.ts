import { describe, expect, test } from 'bun:test';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { createRefundSync, type SyncRefunds } from '../../../src/payments/refund/sync.ts';
import { createPacer } from '../../../src/payments/sync/pacer.ts';
import { registerStripe, SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { never, useRefunds } from './bench.ts';

/** Answers that decide nothing, and whose account is asked about a refund. */

const { app, bench } = useRefunds();
const { pass, statuses } = bench;

const isRefundCall = ({ path, body }: { path: string; body: string }) => path === '/v1/refunds' && body !== '';
const isList = ({ path, body }: { path: string; body: string }) =>
  path.startsWith('/v1/refunds?') || (path === '/v1/refunds' && body === '');
const stripeError = (code: string, type = 'invalid_request_error') => ({
  error: { type, code, message: 'Try later.' },
});

/** From now on the project uses these. */
async function useKeys(secrets: Readonly<Record<string, string>>): Promise<void> {
  const { store, vault, clock } = app.deps;
  const { id: projectId } = present(await store.findProjectByName('shop'));
  const id = await store.ensureCredential({
    ...{ projectId, gateway: 'stripe', merchantId: secrets.publishable_key ?? '' },
    ...{ environment: 'sandbox', now: clock.now() },
    fingerprint: vault.fingerprint(JSON.stringify(secrets)),
    sealed: vault.seal('credentials stripe', JSON.stringify(secrets)),
  });
  await store.makeCurrentCredential(id);
}

const syncRefunds: SyncRefunds = (...look) => createRefundSync(app.deps, createPacer(app.deps))(...look);

describe('a refund stays unknown, and is not asked for again, when Stripe answers', () => {
  test.each([
    ['more than anybody reads', () => Response.json({ id: 're_1', pad: 'x'.repeat(1_100_000) })],
    ['409', () => Response.json(stripeError('conflict'), { status: 409 })],
    ['400 lock_timeout', () => Response.json(stripeError('lock_timeout'), { status: 400 })],
    ['400 idempotency_key_in_use', () => Response.json(stripeError('idempotency_key_in_use'), { status: 400 })],
    ['429', () => Response.json(stripeError('rate_limit'), { status: 429 })],
  ])('%s', async (_name, answer) => {
    const sold = await bench.sellBy('stripe');
    app.gateway.answer = (request) => (isRefundCall(request) ? answer() : null);
    const lost = await bench.refund(sold.no, { amount: 30_000 });
    app.gateway.answer = null;
    expect([lost.status, lost.json.error.error_code]).toEqual([502, 'PAYMENT_GATEWAY_ERROR']);
    expect(await statuses(sold.no)).toEqual(['unknown']);
    expect(await bench.outcome(sold.no, { amount: 68_001 })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
    expect(app.gateway.received.filter(isRefundCall)).toHaveLength(1);
  });
});

test('so it does when PayPal answers 409', async () => {
  const sold = await bench.sellBy('paypal');
  app.gateway.answer = ({ path }) =>
    path.endsWith('/refund') ? Response.json({ name: 'RESOURCE_CONFLICT' }, { status: 409 }) : null;
  const lost = await bench.refund(sold.no, { amount: 300 });
  app.gateway.answer = null;
  expect([lost.status, await statuses(sold.no)]).toEqual([502, ['unknown']]);
});

describe('a shop that has changed its account', () => {
  const NEW = { ...SIMULATED.stripe, publishable_key: 'pk_test_another', secret_key: 'sk_test_another' };
  const OLD = { secret_key: SIMULATED.stripe?.secret_key ?? '' };

  /** Sold with the old account; from now on the project uses the new one. */
  async function change() {
    const sold = await bench.sellBy('stripe');
    await registerStripe(app, NEW);
    await useKeys(NEW);
    app.gateway.received.length = 0;
    return sold;
  }
  const keysOf = (which: (request: { path: string; body: string }) => boolean) =>
    app.gateway.received.filter(which).map(({ headers }) => String(headers.authorization).replace('Bearer ', ''));

  test('pays back from the account that was paid, and from the new one only when that is refused', async () => {
    const sold = await change();
    expect(await bench.outcome(sold.no, { amount: 100 })).toEqual([201, 100, 'succeeded']);
    expect(keysOf(isRefundCall)).toEqual([OLD.secret_key]);
    app.gateway.answer = (request) =>
      isRefundCall(request) ? Response.json(stripeError('api_key_expired'), { status: 401 }) : null;
    await bench.refund(sold.no, { amount: 200 });
    app.gateway.answer = null;
    expect(keysOf(isRefundCall)).toEqual([OLD.secret_key, OLD.secret_key, NEW.secret_key]);
  });

  test('has its new account never asked about old refunds, which would not know them', async () => {
    const sold = await change();
    app.gateway.answer = (request) => {
      if (isRefundCall(request)) return new Response('', { status: 500 });
      return isList(request) ? Response.json(stripeError('api_key_expired'), { status: 401 }) : null;
    };
    await bench.refund(sold.no, { amount: 100 });
    for (const ms of [9 * SECOND, MINUTE, 5 * MINUTE]) await pass(ms);
    app.gateway.answer = null;
    const asked = keysOf(isList);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked)).toEqual(new Set([OLD.secret_key]));
    expect(await statuses(sold.no)).toEqual(['unknown']);
  });
});

test('a list tells of what was there when it was asked for: how long its answer took counts for nothing', async () => {
  const sold = await bench.sellBy('stripe');
  await bench.break('stripe', 'lost');
  await bench.refund(sold.no, { amount: 100 });
  const { id } = present(await app.deps.store.findPayment(sold.no)).payment;
  app.gateway.answer = (request) => {
    if (!isList(request)) return null;
    app.clock.advance(10 * MINUTE);
    return Response.json({ object: 'list', data: [], has_more: false });
  };
  await syncRefunds(id, 'request');
  app.gateway.answer = null;
  expect(await app.deps.store.listRefunds(id)).toMatchObject([{ status: 'unknown', notFoundCount: 0 }]);
});

test('no list is asked while the account cools down, and it is asked after', async () => {
  const sold = await bench.sellBy('stripe');
  await bench.break('stripe', 'lost');
  await bench.refund(sold.no, { amount: 100 });
  const account = {
    gateway: 'stripe',
    environment: 'sandbox',
    merchantId: SIMULATED.stripe?.publishable_key ?? '',
  } as const;
  const until = app.clock.now() + 10 * MINUTE;
  await app.deps.store.startCooldown(account, until, app.clock.now());
  app.gateway.received.length = 0;
  const { id } = await app.rows.payment(sold.no);
  // Nobody was asked: that is no failure of the account, and moves nothing.
  expect(await syncRefunds(id, 'request')).toBeNull();
  for (const ms of [9 * SECOND, MINUTE, 5 * MINUTE]) await pass(ms);
  expect((await app.rows.payment(sold.no)).refundCheckAt).toBe(until);
  expect(app.gateway.received.filter(isList)).toEqual([]);
  expect(await statuses(sold.no)).toEqual(['unknown']);
  await pass(5 * MINUTE);
  expect(await statuses(sold.no)).toEqual(['succeeded']);
});

test('a list that is not answered is asked for once, with one key, and only the schedule is put off by it', async () => {
  const renewed = { ...SIMULATED.stripe, secret_key: 'sk_test_renewed' };
  const sold = await bench.sellBy('stripe');
  await bench.break('stripe', 'lost');
  await bench.refund(sold.no, { amount: 100 });
  await bench.heard(sold.no);
  app.clock.advance(SECOND);
  await useKeys(renewed);
  app.gateway.answer = (request) => (isList(request) ? never() : null);
  app.gateway.received.length = 0;
  const { id, refundCheckAt } = await app.rows.payment(sold.no);
  expect(await syncRefunds(id, 'request')).toBe(false);
  expect(app.gateway.received.filter(isList)).toHaveLength(1);
  expect((await app.rows.payment(sold.no)).refundCheckAt).toBe(refundCheckAt);
});

test('a refund that the gateway refuses for what it is about is not asked for again with the keys before', async () => {
  const sold = await bench.sellBy('stripe');
  await useKeys({ ...SIMULATED.stripe, secret_key: 'sk_test_renewed' });
  app.gateway.answer = (request) =>
    isRefundCall(request) ? Response.json(stripeError('charge_disputed'), { status: 400 }) : null;
  expect(await bench.outcome(sold.no, { amount: 100 })).toEqual([422, 'REFUND_REFUSED']);
  expect(app.gateway.received.filter(isRefundCall)).toHaveLength(1);
});
