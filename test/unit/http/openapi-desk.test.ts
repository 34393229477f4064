import { afterAll, beforeAll, expect, test } from 'bun:test';
import { LIST_FIELDS } from '../../../src/core/payment-query.ts';
import type { Verb } from '../../../src/http/openapi/types.ts';
import { type Answer, startApp, type TestApp } from '../../support/app.ts';
import { buildDocument } from '../../support/document.ts';
import { present } from '../../support/parts.ts';
import { findFaults } from './openapi-schema.ts';

/** Lists, timelines and decisions: the document against the running program. */

const PAYMENTS = '/api/paycore/payments';
const document = await buildDocument('http://localhost');

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

function expectDescribed(verb: Verb, path: string, status: number, answer: Answer): void {
  expect([path, answer.status]).toEqual([path, status]);
  const operation = present(document.paths[path]?.[verb], path);
  const response = present(operation.responses[String(status)], `${path} ${status}`);
  expect(findFaults(document, present(response.content?.['application/json']).schema, answer.json)).toEqual([]);
}

test('every filter of the list is a parameter with the limits of its check', () => {
  const parameters = present(document.paths[PAYMENTS]?.get?.parameters) as readonly { name: string; in: string }[];
  expect(parameters.map((one) => [one.in, one.name])).toEqual(LIST_FIELDS.map(({ name }) => ['query', name]));
  for (const parameter of parameters)
    expect(parameter).toMatchObject({ required: false, description: expect.any(String) });
  expect(parameters.find(({ name }) => name === 'limit')).toMatchObject({ schema: { minimum: 1, maximum: 100 } });
});

test('lists and timelines are answered as described', async () => {
  const { json } = await app.create('ecpay/atm');
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  expectDescribed('get', PAYMENTS, 200, await app.call(`${PAYMENTS}?limit=1`));
  expectDescribed('get', PAYMENTS, 200, await app.call(`${PAYMENTS}?status=failed`));
  expectDescribed('get', PAYMENTS, 422, await app.call(`${PAYMENTS}?limit=0&from=x`));
  expectDescribed('get', PAYMENTS, 401, await app.call(PAYMENTS, undefined, { 'x-api-key': '' }));
  const path = `${PAYMENTS}/{paymentNo}/events`;
  const events = `${PAYMENTS}/${json.data.payment_no}/events`;
  expectDescribed('get', path, 200, await app.call(events));
  expectDescribed('get', path, 422, await app.call(`${events}?cursor=x`));
  expectDescribed('get', path, 404, await app.call(events.replace(/[A-Z]{8}/, 'ABCDEFGH')));
});

test('methods are answered as described, to both kinds of key', async () => {
  for (const key of [app.keys.test.api_key, app.keys.live.api_key]) {
    const answer = await app.call('/api/paycore/methods', undefined, { 'x-api-key': key });
    expectDescribed('get', '/api/paycore/methods', 200, answer);
  }
});

test('decisions are answered as described', async () => {
  const make = async () => (await app.create('ecpay/atm')).json.data;
  const cancel = `${PAYMENTS}/{paymentNo}/cancel`;
  const resend = `${PAYMENTS}/{paymentNo}/notifications`;
  const [open, paid] = [await make(), await make()];
  await app.simulate(String(paid.gateway_order_no), 'pay');
  const ask = (path: string, { payment_no }: Record<string, unknown>) =>
    app.call(path.replace('{paymentNo}', String(payment_no)), {});
  expectDescribed('post', resend, 409, await ask(resend, open));
  expectDescribed('post', cancel, 200, await ask(cancel, open));
  expectDescribed('post', cancel, 200, await ask(cancel, open));
  expectDescribed('post', cancel, 409, await ask(cancel, paid));
  expectDescribed('post', resend, 202, await ask(resend, paid));
  const silent = (await app.create('ecpay/atm', { payok_url: undefined })).json.data;
  await app.simulate(String(silent.gateway_order_no), 'pay');
  expectDescribed('post', resend, 409, await ask(resend, silent));
  for (const path of [cancel, resend]) {
    expectDescribed('post', path, 404, await ask(path, { payment_no: 'PAY202606220001ABCDEFGH' }));
    expectDescribed('post', path, 400, await app.call(path.replace('{paymentNo}', String(open.payment_no)), '['));
  }
});
