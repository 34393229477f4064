import { describe, expect, test } from 'bun:test';
import { GatewayGarbage, GatewayRefusal, type Secrets } from '../../../../src/gateways/gateway.ts';
import { GatewayCallError, type GatewayHttp } from '../../../../src/gateways/http.ts';
import { callPaypal } from '../../../../src/gateways/paypal/client.ts';
import { START } from '../../../support/clock.ts';
import { rejection } from '../../../support/parts.ts';
import { problem, SECRETS, say, tokenBody, usePaypal } from './support.ts';

const paypal = usePaypal();

const call = (change: { now?: number; secrets?: Secrets; origin?: string } = {}) => {
  const { now = START, secrets = SECRETS, origin = paypal.server.url } = change;
  const ctx = paypal.context({ now, originOf: () => origin });
  paypal.steps.push(say({ id: 'X' }));
  return callPaypal({ environment: 'sandbox', secrets, path: '/v2/thing', timeoutMs: 5000 }, ctx);
};
const bearers = () => paypal.calls().map(({ headers }) => headers.authorization);

describe('the access token', () => {
  test('is asked for with client_id and client_secret, and carried by the call', async () => {
    await call();
    const [asked] = paypal.tokens();
    expect(asked?.headers).toMatchObject({
      authorization: `Basic ${btoa(`${SECRETS.client_id}:${SECRETS.client_secret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(asked?.body).toBe('grant_type=client_credentials');
    expect(bearers()).toEqual(['Bearer token-1']);
  });

  test('serves until a minute before it runs out', async () => {
    paypal.grant = () => Response.json(tokenBody(`token-${paypal.tokens().length}`, 600));
    for (const now of [START, START + 1, START + 539_999]) await call({ now });
    expect(paypal.tokens()).toHaveLength(1);
    await call({ now: START + 540_000 });
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  test('is believed for a day at most, whatever PayPal says', async () => {
    paypal.grant = () => Response.json(tokenBody(`token-${paypal.tokens().length}`, 1e12));
    await call();
    await call({ now: START + 86_400_000 });
    expect(paypal.tokens()).toHaveLength(2);
  });

  test('is fetched once for callers that come at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => call()));
    expect(paypal.tokens()).toHaveLength(1);
    expect(new Set(bearers())).toEqual(new Set(['Bearer token-1']));
  });

  test('is another one for another account, another secret and another origin', async () => {
    await call();
    await call({ secrets: { ...SECRETS, client_id: 'another-client' } });
    await call({ secrets: { ...SECRETS, client_secret: 'another-secret' } });
    await call({ origin: paypal.server.url.replace('127.0.0.1', 'localhost') });
    expect(paypal.tokens()).toHaveLength(4);
    expect([...paypal.memory.keys()].every((key) => key.startsWith('paypal token '))).toBe(true);
    expect([...paypal.memory.keys()].join()).not.toContain(SECRETS.client_secret);
  });

  test('that PayPal no longer takes is dropped, and the call is made once more', async () => {
    await call();
    paypal.steps = [problem(401, null), say({ id: 'Y' })];
    const answer = await callPaypal(
      { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', body: '{}', requestId: 'R1', timeoutMs: 5000 },
      paypal.context(),
    );
    expect(answer.body).toEqual({ id: 'Y' });
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    const [, first, second] = paypal.calls();
    expect(second?.body).toBe(first?.body ?? '');
    expect(second?.headers['paypal-request-id']).toBe('R1');
  });

  test('is not fetched a third time: a second 401 is PayPal’s answer', async () => {
    paypal.steps = [problem(401, null), problem(401, 'INVALID_ACCOUNT_STATUS')];
    const ctx = paypal.context();
    const answer = await callPaypal(
      { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', timeoutMs: 5000 },
      ctx,
    );
    expect(answer.status).toBe(401);
    expect(paypal.tokens()).toHaveLength(2);
  });

  test('of many calls that fail with 401 together is renewed once', async () => {
    await call();
    const refuse = problem(401, null);
    paypal.steps = Array.from(
      { length: 30 },
      () => (request) =>
        request.headers.authorization === 'Bearer token-1' ? refuse(request) : Response.json({ id: 'Y' }),
    );
    const ctx = paypal.context();
    const thing = { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', timeoutMs: 5000 } as const;
    const answers = await Promise.all(Array.from({ length: 10 }, () => callPaypal(thing, ctx)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(paypal.tokens()).toHaveLength(2);
  });

  test('that came meanwhile is not dropped for a 401 of the one before', async () => {
    await call();
    const late = Promise.withResolvers<Response>();
    const refuse = problem(401, null);
    const thing = { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', timeoutMs: 5000 } as const;
    const arrived = Promise.withResolvers<void>();
    paypal.steps = [
      () => {
        arrived.resolve();
        return late.promise;
      },
      refuse,
      say({ id: 'Y' }),
      say({ id: 'Z' }),
    ];
    const slow = callPaypal(thing, paypal.context());
    await arrived.promise;
    await callPaypal(thing, paypal.context());
    late.resolve(await refuse({ path: '', headers: {}, body: '' }));
    expect((await slow).body).toEqual({ id: 'Z' });
    expect(paypal.tokens()).toHaveLength(2);
  });

  test('of wrong credentials is a refusal in PayPal’s words, and is asked for again next time', async () => {
    const refused = { error: 'invalid_client', error_description: 'Client Authentication failed' };
    paypal.grant = () => Response.json(refused, { status: 401 });
    const error = await rejection(call());
    expect(error).toBeInstanceOf(GatewayRefusal);
    expect(error).toMatchObject({
      errorCode: 'PAYPAL_REQUEST_REJECTED',
      gatewayCode: 'invalid_client',
      message: 'Client Authentication failed',
    });
    expect(paypal.calls()).toEqual([]);
    paypal.grant = () => Response.json(tokenBody('token-1'));
    await call();
    expect(paypal.tokens()).toHaveLength(2);
  });

  for (const [what, grant] of [
    ['a 500', () => new Response('oops', { status: 500 })],
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['no token', () => Response.json({ expires_in: 600 })],
    ['a token with a line break', () => Response.json(tokenBody('a\r\nx-evil: 1'))],
    ['no lifetime', () => Response.json(tokenBody('token', null))],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
  ] as const) {
    test(`that comes as ${what} is garbage`, async () => {
      paypal.grant = grant;
      expect(await rejection(call())).toBeInstanceOf(GatewayGarbage);
      expect(paypal.memory.size).toBe(0);
    });
  }

  test('of at most 500 accounts is kept, the newest ones', async () => {
    for (let n = 0; n < 510; n += 1)
      paypal.memory.set(`paypal token ${n}`, { running: null, value: 'x', expiresAt: 0 });
    paypal.memory.set('stripe something', 1);
    await call();
    const keys = [...paypal.memory.keys()].filter((key) => key.startsWith('paypal'));
    expect(keys).toHaveLength(500);
    expect(keys).not.toContain('paypal token 10');
    expect(keys).toContain('paypal token 11');
    expect(paypal.memory.has('stripe something')).toBe(true);
  });

  test('takes its time out of the call’s, and leaves it a second', async () => {
    for (const [elapsedMs, left] of [
      [4000, 11_000],
      [20_000, 1000],
    ]) {
      const seen: number[] = [];
      const answer = (body: object) => ({
        status: 200,
        headers: new Headers(),
        body: Buffer.from(JSON.stringify(body)),
        date: null,
        elapsedMs: elapsedMs ?? 0,
      });
      const http: GatewayHttp = {
        post: async () => answer(tokenBody('token-1')),
        get: async (_url, { timeoutMs }) => {
          seen.push(timeoutMs);
          return answer({ id: 'X' });
        },
      };
      const thing = { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', timeoutMs: 15_000 } as const;
      await callPaypal(thing, paypal.context({ http, memory: new Map() }));
      expect(seen).toEqual([left ?? 0]);
    }
  });

  test('never gets into an error', async () => {
    await call();
    paypal.steps = [() => new Response('x', { status: 500 })];
    const thing = { environment: 'sandbox', secrets: SECRETS, path: '/v2/thing', timeoutMs: 5000 } as const;
    const errors = [
      await rejection(callPaypal(thing, paypal.context())),
      await rejection(callPaypal(thing, paypal.context({ originOf: () => 'http://127.0.0.1:1' }))),
    ];
    expect(errors[1]).toBeInstanceOf(GatewayCallError);
    for (const error of errors) {
      const text = Bun.inspect(error);
      for (const secret of ['token-1', String(SECRETS.client_secret)]) expect(text).not.toContain(secret);
    }
  });
});
