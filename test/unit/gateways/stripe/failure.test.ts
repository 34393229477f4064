import { describe, expect, test } from 'bun:test';
import { GatewayCallError } from '../../../../src/gateways/http.ts';
import { createIntent } from '../../../../src/gateways/stripe/create.ts';
import { queryIntent } from '../../../../src/gateways/stripe/query.ts';
import { requireGateway } from '../../../support/gateways.ts';
import { rejection } from '../../../support/parts.ts';
import { createInput, failure, hurry, intent, queryInput, stripeContext, useStandIn } from './support.ts';

const wire = useStandIn();
const create = (change = {}) => rejection(createIntent(createInput('credit'), wire.ctx(change)));

describe('an answer that says nothing about the order', () => {
  for (const [what, answer] of [
    ['500', () => failure(500, { type: 'api_error', message: 'x' })],
    ['503 without a body', () => new Response(null, { status: 503 })],
    ['502 from a proxy', () => new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
    ['204', () => new Response(null, { status: 204 })],
    ['201 with an intent', () => Response.json(intent(), { status: 201 })],
    ['403 that is not Stripe’s', () => new Response('<html>blocked</html>', { status: 403 })],
    ['400 without an error', () => Response.json({ message: 'no' }, { status: 400 })],
    ['400 with an error that is a text', () => Response.json({ error: 'no' }, { status: 400 })],
    ['408', () => failure(408, { type: 'invalid_request_error', message: 'x' })],
    ['409 lock_timeout', () => failure(409, { type: 'invalid_request_error', code: 'lock_timeout' })],
    ['400 rate_limit', () => failure(400, { type: 'invalid_request_error', code: 'rate_limit' })],
    ['an error with 200', () => Response.json({ error: { type: 'card_error', code: 'card_declined' } })],
    ['null', () => new Response('null')],
    ['a list', () => Response.json([])],
    ['no JSON', () => new Response('{"id":')],
    ['nothing', () => new Response('')],
  ] as const) {
    test(what, async () => {
      wire.answer = answer;
      expect(await create()).toMatchObject({ name: 'GatewayGarbage' });
      expect(wire.received).toHaveLength(1);
    });
  }

  test('Stripe asking to be called again is not called again: that is for the core to do', async () => {
    wire.answer = () => new Response('{}', { status: 500, headers: { 'stripe-should-retry': 'true' } });
    await create();
    expect(wire.received).toHaveLength(1);
  });
});

describe('a call without an answer', () => {
  test('nobody listens: certainly nothing was sent', async () => {
    const ctx = stripeContext('http://127.0.0.1:1');
    const error = await rejection(createIntent(createInput('credit'), ctx));
    expect(error).toBeInstanceOf(GatewayCallError);
    expect(error).toMatchObject({ kind: 'not_sent', code: 'ECONNREFUSED' });
  });

  test('no answer in time', async () => {
    wire.answer = () => new Promise(() => {});
    const error = await create({ http: hurry(100) });
    expect(error).toBeInstanceOf(GatewayCallError);
    expect(error).toMatchObject({ kind: 'timeout' });
  });

  test('an answer without end', async () => {
    wire.answer = () => new Response('x'.repeat(1_100_000));
    expect(await create()).toMatchObject({ name: 'GatewayCallError', kind: 'too_large' });
  });

  test('a connection that breaks is not tried a second time', async () => {
    let calls = 0;
    const breaks = async () => {
      calls += 1;
      throw new GatewayCallError('broken', 'the connection broke', { code: 'ECONNRESET', elapsedMs: 3 });
    };
    const error = await create({ http: { get: breaks, post: breaks } });
    expect(error).toMatchObject({ name: 'GatewayCallError', kind: 'broken', code: 'ECONNRESET', elapsedMs: 3 });
    expect(calls).toBe(1);
  });

  test('a create may take 30 seconds, a question 15', async () => {
    const limits: number[] = [];
    const note = async (_: string, { timeoutMs }: { timeoutMs: number }) => {
      limits.push(timeoutMs);
      throw new GatewayCallError('timeout', 'late', { elapsedMs: timeoutMs });
    };
    const ctx = wire.ctx({ http: { get: note, post: note } });
    await rejection(createIntent(createInput('credit'), ctx));
    await rejection(queryIntent(queryInput(), ctx));
    expect(limits).toEqual([30_000, 15_000]);
  });
});

describe('secrets', () => {
  test('a key in Stripe’s text does not get out', async () => {
    const message = 'Invalid API Key provided: sk_live_51AbcDEF; use pk_test_x or whsec_zz, not rk_live_9.';
    wire.answer = () => failure(401, { type: 'invalid_request_error', message });
    expect(await rejection(requireGateway('stripe').create(createInput('credit'), wire.ctx()))).toMatchObject({
      errorCode: 'STRIPE_AUTH_FAILED',
      gatewayCode: 'invalid_request_error',
      message: 'Invalid API Key provided: sk_live_***; use pk_test_*** or whsec_***, not rk_live_***',
    });
  });
});
