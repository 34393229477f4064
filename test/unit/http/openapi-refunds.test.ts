import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Verb } from '../../../src/http/openapi/types.ts';
import { createRefundBench, type RefundBench } from '../../integration/refund/bench.ts';
import { type Answer, startApp, type TestApp } from '../../support/app.ts';
import { buildDocument } from '../../support/document.ts';
import { tellSimulator } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { findFaults, listProperties } from './openapi-schema.ts';

/** What the document says about refunds against the running program. */
const PATH = '/api/paycore/payments/{paymentNo}/refunds';
const document = await buildDocument('http://localhost');

let app: TestApp;
let bench: RefundBench;
beforeAll(async () => {
  app = await startApp({ gatewayTimeoutMs: 300, env: { PAYCORE_RATE_LIMIT: 'off' } });
  bench = createRefundBench(app);
});
afterAll(() => app.stop());

function expectDescribed(verb: Verb, answer: Pick<Answer, 'status' | 'json'>, status: number, code = ''): void {
  const response = present(document.paths[PATH]?.[verb]?.responses[String(answer.status)], `${verb} ${answer.status}`);
  const { schema } = present(response.content?.['application/json']);
  expect(findFaults(document, schema, answer.json)).toEqual([]);
  expect([answer.status, answer.json.error?.error_code ?? '']).toEqual([status, code]);
  if (code !== '') expect(response.description).toContain(`\`${code}\``);
}

test('what is made and listed has the fields that are described, and no others', async () => {
  for (const gateway of ['stripe', 'paypal', 'ecpay'] as const) {
    const { no } = await bench.sellBy(gateway);
    const made = await bench.refund(no, { reason: 'x' });
    expectDescribed('post', made, 201);
    const listed = await app.call(PATH.replace('{paymentNo}', no));
    expectDescribed('get', listed, 200);
    const [refund] = listed.json.data.refunds as Record<string, unknown>[];
    for (const one of [made.json.data, present(refund)]) {
      const described = listProperties(document, { $ref: '#/components/schemas/Refund' });
      expect(new Set(Object.keys(one))).toEqual(new Set(described));
    }
  }
});

test('what the same request finds again is described', async () => {
  const { no } = await bench.sellBy('stripe');
  const key = { 'idempotency-key': 'found' };
  await bench.break('stripe', 'lost');
  expectDescribed('post', await bench.refund(no, {}, key), 502, 'PAYMENT_GATEWAY_ERROR');
  expectDescribed('post', await bench.refund(no, {}, key), 200);
});

test('refusals are answered as described', async () => {
  const { no } = await bench.sellBy('stripe');
  expectDescribed('post', await bench.refund(no, { amount: 98_001 }), 422, 'REFUND_EXCEEDS_AMOUNT');
  expectDescribed('post', await bench.refund(no, { amount: 0, reason: 1 }), 422, 'VALIDATION_FAILED');
  expectDescribed('post', await bench.refund(no, '['), 400, 'INVALID_JSON');
  expectDescribed('post', await bench.refund(no, {}, { 'x-api-key': 'x' }), 401, 'API_KEY_INVALID');
  expectDescribed('post', await bench.refund(no, {}, { 'idempotency-key': 'ü' }), 422, 'IDEMPOTENCY_KEY_INVALID');
  expectDescribed('post', await bench.refund('PAY202606220001ABCDEFGH'), 404, 'PAYMENT_NOT_FOUND');
  expectDescribed('get', await app.call(PATH.replace('{paymentNo}', 'PAY1')), 404, 'PAYMENT_NOT_FOUND');
  await bench.break('stripe', 'hang');
  expectDescribed('post', await bench.refund(no), 504, 'PAYMENT_GATEWAY_TIMEOUT');
  const { json } = await app.create('ecpay/atm');
  expectDescribed('post', await bench.refund(String(json.data.payment_no)), 409, 'PAYMENT_NOT_PAID');
  const { no: atm } = await bench.sell('ecpay/atm');
  expectDescribed('post', await bench.refund(atm), 422, 'REFUND_NOT_SUPPORTED');
  const { no: card } = await bench.sellBy('ecpay');
  expectDescribed('post', await bench.refund(card, { amount: 1 }), 422, 'REFUND_REFUSED');
  await tellSimulator(app, 'faults', { route: 'aio-query-trade', kind: 'forbidden', times: 1 });
  const resting = await bench.refund(card);
  expectDescribed('post', resting, 503, 'GATEWAY_RESTING');
  expect(resting.headers.get('retry-after')).toBe('1800');
});
