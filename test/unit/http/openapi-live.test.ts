import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import type { Verb } from '../../../src/http/openapi/types.ts';
import { type Answer, startApp, type TestApp } from '../../support/app.ts';
import { buildDocument } from '../../support/document.ts';
import { bodyFor } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { findFaults } from './openapi-schema.ts';

/** The document against the running program. */

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const document = await buildDocument('http://localhost');

function expectDescribed(verb: Verb, path: string, answer: Pick<Answer, 'status' | 'json'>): void {
  const operation = present(document.paths[path]?.[verb], path);
  const response = present(operation.responses[String(answer.status)], `${path} ${answer.status}`);
  const { schema } = present(response.content?.['application/json']);
  expect(findFaults(document, schema, answer.json)).toEqual([]);
}

test('the document describes the routes of the API, all of them and no others', async () => {
  const routes = new Elysia().use(await app.program.open()).routes;
  const isOurs = (path: string) => /^\/(api\/|healthz|readyz)/.test(path);
  const real = routes
    // What is no action of a gateway is told so by a route of its own.
    .filter(({ path }) => isOurs(path) && path !== '/api/paycore/gateways/:gateway/:action')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  const described = Object.entries(document.paths)
    .filter(([path]) => isOurs(path))
    .flatMap(([path, item]) => Object.keys(item).map((verb) => `${verb.toUpperCase()} ${path}`));
  expect(described.sort()).toEqual(real.sort());
});

test('creating, asking and asking the gateway are answered as described', async () => {
  for (const gateway of GATEWAYS) {
    for (const { path } of gateway.methods) {
      const order = { ...bodyFor(`${gateway.id}/${path}`), merchant_order_no: `DOC-${gateway.id}-${path}` };
      const route = `/api/paycore/pay/${gateway.id}/${path}`;
      const created = await app.create(`${gateway.id}/${path}`, order);
      expect(created.status).toBe(201);
      expectDescribed('post', route, created);
      expectDescribed('post', route, await app.create(`${gateway.id}/${path}`, order));
      const conflict = await app.create(`${gateway.id}/${path}`, { ...order, amount: 1981 });
      expect(conflict.status).toBe(409);
      expectDescribed('post', route, conflict);

      const one = `/api/paycore/payments/${created.json.data.payment_no}`;
      expectDescribed('get', '/api/paycore/payments/{paymentNo}', await app.call(one));
      expectDescribed('post', '/api/paycore/payments/{paymentNo}/sync', await app.call(`${one}/sync`, {}));
    }
  }
});

test('refusals are answered as described', async () => {
  const create = '/api/paycore/pay/ecpay/atm';
  const headers = { 'content-type': 'text/plain' };
  expectDescribed('post', create, await app.create('ecpay/atm', { amount: 0, payok_url: 'x' }));
  expectDescribed('post', create, await app.create('ecpay/atm', { currency: 'USD' }));
  expectDescribed('post', create, await app.create('ecpay/atm', { gateway_credentials: {} }));
  expectDescribed('post', create, await app.create('ecpay/atm', {}, { 'x-api-key': 'wrong' }));
  expectDescribed('post', create, await app.call(create, '{', {}));
  expectDescribed('post', create, await app.call(create, 'a=1', headers));
  expectDescribed('post', create, await app.call(create, 'x'.repeat(300_000)));
  const unknown = await app.call('/api/paycore/payments/PAY202606220001ABCDEFGH');
  expectDescribed('get', '/api/paycore/payments/{paymentNo}', unknown);
  const pay = '/api/paycore/pay/ecpay/ecpg/{paymentNo}/create';
  const payPath = pay.replace('{paymentNo}', 'PAY202606220001ABCDEFGH');
  expectDescribed('post', pay, await app.call(payPath, { PayToken: 'A' }));
  const { json } = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
  expectDescribed('post', pay, await app.call(pay.replace('{paymentNo}', String(json.data.payment_no)), {}));
});

test('figures and health are answered as described', async () => {
  const overview = '/api/paycore/home/overview';
  expectDescribed('get', overview, await app.call(overview));
  const anybody = await app.request(overview);
  expectDescribed('get', overview, { status: anybody.status, json: await anybody.json() });
  expectDescribed('get', overview, await app.call(`${overview}?timezone=Mars`));
  for (const path of ['/healthz', '/readyz']) expectDescribed('get', path, await app.call(path));
});
