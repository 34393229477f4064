import { describe, expect, test } from 'bun:test';
import type { PayCoreError } from '../../../src/core/errors.ts';
import { GatewayForbidden } from '../../../src/gateways/gateway.ts';
import { GatewayCallError, type GatewayHttp } from '../../../src/gateways/http.ts';
import { createServices } from '../../../src/payments/index.ts';
import { COOLDOWN_MS } from '../../../src/payments/sync/attempt.ts';
import { startApp } from '../../support/app.ts';
import { holdCalls } from '../../support/held.ts';
import { present } from '../../support/parts.ts';
import { countAnswers, hasPostgres, hurry, until, useTwoNodes } from '../../support/two-nodes.ts';
import { createRefundBench } from '../refund/bench.ts';

/** Paying back over two nodes. */

describe.skipIf(!hasPostgres)('refunds of one payment over two nodes', () => {
  const nodes = useTwoNodes((options) => startApp({ ...options, databaseClock: 'server' }));
  const calls = () => nodes.app.gateway.received.filter(({ path }) => path === '/v1/refunds').length;

  /** The first node, whose gateway does not answer until the test says how its call fails. */
  function hang() {
    const called = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<never>();
    const call = () => {
      called.resolve();
      return failed.promise;
    };
    const http: GatewayHttp = { get: call, post: call };
    const services = createServices({ ...nodes.app.program.deps, http });
    return { services, called: called.promise, failCall: failed.reject };
  }

  async function sell() {
    const bench = createRefundBench(nodes.app);
    const { no, number } = await bench.sellBy('stripe');
    nodes.app.gateway.received.length = 0;
    const headers = { 'x-api-key': nodes.app.keys.test.api_key, 'content-type': 'application/json' };
    const body = JSON.stringify({ amount: 10_000 });
    const refund = () => nodes.byTurns(`/api/paycore/payments/${no}/refunds`, { method: 'POST', headers, body });
    const found = present(await nodes.app.deps.store.findPayment(no));
    return { bench, no, number, refund, found };
  }

  test('never exceed what was paid, and each that is opened is one call', async () => {
    const { bench, no, refund } = await sell();
    const answers = await Promise.all(Array.from({ length: 20 }, refund));
    // NT$980 in parts of NT$100.
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(9);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(11);
    expect(calls()).toBe(9);
    expect(await bench.statuses(no)).toEqual(Array(9).fill('succeeded'));
    expect(await nodes.app.find(no)).toMatchObject({ refunded_amount: 90_000, flags: [] });
  });

  test('under one name are one, and who asks at the other node while it is under way hears what came of it', async () => {
    const { no, found } = await sell();
    const asker = { by: { type: 'operator' }, idempotencyKey: 'twice' } as const;
    const held = holdCalls(nodes.app, (path) => path === '/v1/refunds');
    const first = nodes.app.program.services.refundPayment(found, { amount: 10_000 }, asker);
    await held.arrived;
    const reads = countAnswers(nodes.program.deps.store, 'findRefund');
    const second = nodes.program.services.refundPayment(found, { amount: 10_000 }, asker);
    await until(() => reads() > 2);
    held.release();
    const [one, two] = await Promise.all([first, second]);
    expect([one.created, two.created, two.data]).toEqual([true, false, one.data]);
    expect([calls(), await nodes.app.find(no)]).toEqual([1, expect.objectContaining({ refunded_amount: 10_000 })]);
  });

  test('that was refused is refused to both', async () => {
    const { no, found } = await sell();
    const asker = { by: { type: 'operator' }, idempotencyKey: 'refused' } as const;
    const held = holdCalls(nodes.app, (path) => path === '/v1/refunds');
    const first = nodes.app.program.services.refundPayment(found, { amount: 10_000 }, asker);
    await held.arrived;
    const reads = countAnswers(nodes.program.deps.store, 'findRefund');
    const second = nodes.program.services.refundPayment(found, { amount: 10_000 }, asker);
    await until(() => reads() > 2);
    held.release(() => Response.json({ error: { type: 'invalid_request_error', message: 'No.' } }, { status: 400 }));
    const told = await Promise.all([first, second].map(tellError));
    expect(told).toEqual(Array(2).fill(['REFUND_REFUSED', { gateway: { code: expect.any(String), message: 'No.' } }]));
    expect(told[1]).toEqual(told[0]);
    expect([calls(), await nodes.app.find(no)]).toEqual([1, expect.objectContaining({ refunded_amount: 0 })]);
  });

  test.each([
    ['was never reached', 'PAYMENT_GATEWAY_ERROR', () => new GatewayCallError('not_sent', 'refused', { elapsedMs: 1 })],
    ['asks for a rest', 'GATEWAY_RESTING', () => new GatewayForbidden()],
  ] as const)('whose gateway %s fail alike for both', async (_, code, fail) => {
    const { found } = await sell();
    const asker = { by: { type: 'operator' }, idempotencyKey: code } as const;
    const { services, called, failCall } = hang();
    const first = services.refundPayment(found, { amount: 10_000 }, asker);
    await called;
    const reads = countAnswers(nodes.program.deps.store, 'findRefund');
    const second = nodes.program.services.refundPayment(found, { amount: 10_000 }, asker);
    await until(() => reads() > 2);
    failCall(fail());
    const told = await Promise.all([first, second].map(tellError));
    nodes.app.clock.advance(COOLDOWN_MS);
    expect(told[0]?.[0]).toBe(code);
    expect(told[1]).toEqual(told[0]);
  });

  test('whose call does not come back are waited for no longer than 35 seconds', async () => {
    const { found } = await sell();
    const asker = { by: { type: 'operator' }, idempotencyKey: 'gone' } as const;
    const { services, called, failCall } = hang();
    const first = tellError(services.refundPayment(found, { amount: 10_000 }, asker));
    await called;
    const { refundPayment, seconds } = hurry(nodes);
    expect(await tellError(refundPayment(found, { amount: 10_000 }, asker))).toEqual([
      'PAYMENT_GATEWAY_TIMEOUT',
      { payment_no: found.payment.paymentNo, refund_no: expect.any(String) },
    ]);
    // Turns to ask Stripe what it knows come on top.
    expect(seconds()).toBeGreaterThanOrEqual(35);
    expect(seconds()).toBeLessThan(40);
    failCall(new GatewayCallError('timeout', 'no answer', { elapsedMs: 1 }));
    expect((await first)[0]).toBe('PAYMENT_GATEWAY_TIMEOUT');
  });

  test('that somebody made at the gateway’s desk are written down once, by whichever node looks', async () => {
    const { bench, no, number, found } = await sell();
    await nodes.app.simulate(number, 'refund', { amount: 5000, callback: false });
    const looks = [nodes.app.program, nodes.program].map(({ services }) =>
      services.syncRefunds(found.payment.id, 'request'),
    );
    expect(await Promise.all(looks)).toEqual([true, true]);
    expect((await bench.list(no)).map(({ source, status }) => [source, status])).toEqual([['gateway', 'succeeded']]);
    expect(await nodes.app.find(no)).toMatchObject({ refunded_amount: 5000 });
  });
});

/** What the caller is answered with. */
async function tellError(work: Promise<unknown>): Promise<readonly [code: unknown, details: unknown]> {
  const failure = await work.then(
    () => null,
    (error: PayCoreError) => error,
  );
  return [failure?.code, failure?.details];
}
