import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LIMITS, type Limit } from '../../../src/http/limits.ts';
import type { Answer, Verb } from '../../../src/http/openapi/types.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { buildDocument } from '../../support/document.ts';
import { present } from '../../support/parts.ts';

const document = await buildDocument('https://pay.example');
const QUOTA = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const answers = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.values(item).flatMap(({ responses }) =>
    Object.entries(responses).map(([status, answer]): [string, string, Answer] => [path, status, answer]),
  ),
);

describe('the headers of answers', () => {
  test('every answer of every route names its request', () => {
    expect(answers.length).toBeGreaterThan(100);
    for (const [path, , { headers = {} }] of answers)
      expect({ path, has: 'X-Request-Id' in headers }).toEqual({ path, has: true });
  });

  test('every answer of the API says what is left; callbacks, pages and health checks do not', () => {
    for (const [path, , { headers = {} }] of answers) {
      const isCounted = path.startsWith('/api/') && !path.includes('/webhooks/');
      expect({ path, told: QUOTA.every((name) => name in headers) }).toEqual({ path, told: isCounted });
    }
  });

  test('whatever is refused for coming too often says when to come again', () => {
    const late = answers.filter(
      ([path, status]) => status === '429' || (path.includes('/webhooks/') && status === '503'),
    );
    expect(late.length).toBeGreaterThan(30);
    for (const [path, , { headers = {} }] of late)
      expect({ path, says: 'Retry-After' in headers }).toEqual({ path, says: true });
  });

  test('the table of limits is the one that is held', () => {
    for (const { perMinute, perDay, what, by } of Object.values<Limit>(LIMITS)) {
      const inAll = perDay === undefined ? '' : `, and ${perDay} a day`;
      expect(document.info.description).toContain(`| ${what} | ${by} | ${perMinute}${inAll} |`);
    }
  });

  test('real answers bring what is described', async () => {
    const { json } = await app.create('ecpay/atm');
    const no = String(json.data.payment_no);
    const asked: readonly [Verb, string, { status: number; headers: Headers }][] = [
      ['post', '/api/paycore/pay/ecpay/atm', await app.create('ecpay/atm')],
      ['post', '/api/paycore/pay/ecpay/atm', await app.create('ecpay/atm', { amount: 0 })],
      ['post', '/api/paycore/pay/ecpay/atm', await app.create('ecpay/atm', {}, { 'x-api-key': 'no' })],
      ['get', '/api/paycore/payments/{paymentNo}', await app.call(`/api/paycore/payments/${no}`)],
      ['get', '/api/paycore/payments', await app.call('/api/paycore/payments')],
      ['post', '/api/paycore/payments/{paymentNo}/cancel', await app.call(`/api/paycore/payments/${no}/cancel`, {})],
      ['get', '/api/paycore/home/overview', await app.call('/api/paycore/home/overview')],
      ['get', '/api/paycore/home/overview', await app.request('/api/paycore/home/overview')],
      [
        'post',
        '/api/paycore/webhooks/ecpay',
        await app.request('/api/paycore/webhooks/ecpay', { method: 'POST', body: 'a=1' }),
      ],
      ['get', '/healthz', await app.request('/healthz')],
    ];
    for (const [verb, path, { status, headers }] of asked) {
      const described =
        present(document.paths[path]?.[verb]?.responses[String(status)], `${path} ${status}`).headers ?? {};
      const always = Object.keys(described).filter((name) => name === 'X-Request-Id' || QUOTA.includes(name));
      for (const name of always)
        expect({ path, status, name, has: headers.has(name) }).toEqual({ path, status, name, has: true });
      const undescribed = ['x-request-id', ...QUOTA.map((name) => name.toLowerCase())].filter(
        (name) => headers.has(name) && !always.some((one) => one.toLowerCase() === name),
      );
      expect(undescribed).toEqual([]);
    }
  });
});
