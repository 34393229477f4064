import { describe, expect, test } from 'bun:test';
import { PayCore, type PayCoreError } from '../../../src/client/index.ts';
import type { Fetch } from '../../../src/client/reply.ts';

type Told = Error | { readonly status: number; readonly error?: object; readonly headers?: Record<string, string> };

const RESET = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const REFUSED = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
});
const REFUSED_BY_BUN = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const say = (status: number, error_code: string, more: object = {}) => ({ status, error: { error_code, ...more } });
const BUSY = say(503, 'SERVER_BUSY');
const LIMITED = { ...say(429, 'RATE_LIMITED'), headers: { 'retry-after': '7', 'x-request-id': 'req_9' } };
const LOST = say(504, 'PAYMENT_GATEWAY_TIMEOUT', { payment_no: 'PAY1', refund_no: 'RF1' });
const UNSTORED = say(503, 'STORAGE_UNAVAILABLE', { payment_no: 'PAY1', refund_no: 'RF1' });
const PROXY = { status: 502 };

/** A client whose tries end so, one after the other. */
function script(tries: readonly Told[]): PayCore {
  let number = 0;
  const fetch: Fetch = async () => {
    const told = tries[number++];
    if (told === undefined) throw new Error('there was to be no further try');
    if (told instanceof Error) throw told;
    const frame = told.error ? { success: false, message: 'said', error: told.error } : { page: 'of a proxy' };
    return Response.json(frame, { status: told.status, headers: told.headers ?? {} });
  };
  return new PayCore({ url: 'https://pay.example', apiKey: 'pc_test_outcome', fetch, sleep: async () => {} });
}

async function fail(tries: readonly Told[], method: 'refund' | 'read' = 'refund'): Promise<PayCoreError> {
  const paycore = script(tries);
  const options = { retries: tries.length - 1 };
  const call =
    method === 'read'
      ? paycore.payments.get('PAY1', options)
      : paycore.refunds.create('PAY1', {}, { ...options, idempotencyKey: 'mine' });
  return call.then(
    () => Promise.reject(new Error('expected a failure')),
    (error) => error,
  );
}

describe('a POST that may have been carried out', () => {
  test.each([
    ['a rate limit', [RESET, LIMITED], 'RATE_LIMITED'],
    ['a full server', [RESET, BUSY], 'SERVER_BUSY'],
    ['a body that came too slowly', [RESET, say(408, 'REQUEST_TIMEOUT')], 'REQUEST_TIMEOUT'],
    ['a fault of PayCore', [RESET, say(500, 'INTERNAL_ERROR')], 'INTERNAL_ERROR'],
    ['a key that is revoked meanwhile', [RESET, say(401, 'API_KEY_INVALID')], 'API_KEY_INVALID'],
    ['a proxy that forbids it', [RESET, { status: 403 }], 'HTTP_403'],
    ['a page instead of an answer', [RESET, { status: 200 }], 'ANSWER_INVALID'],
    ['a redirect', [RESET, { status: 302 }], 'REDIRECTED'],
    ['nobody there', [RESET, REFUSED], 'CONNECTION_FAILED'],
    ['another broken connection', [RESET, BUSY, RESET], 'CONNECTION_FAILED'],
    ['a rate limit after a proxy’s page', [PROXY, LIMITED], 'RATE_LIMITED'],
    ['a rate limit after a gateway without answer', [LOST, LIMITED], 'RATE_LIMITED'],
    ['a full server after an answer that was not stored', [UNSTORED, BUSY], 'SERVER_BUSY'],
    ['a proxy’s page after a gateway without answer', [LOST, PROXY], 'HTTP_502'],
  ] as const)('stays open after %s', async (_, tries, last) => {
    const error = await fail(tries);
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN', idempotencyKey: 'mine' });
    expect(error.cause).toMatchObject({ code: last, idempotencyKey: 'mine' });
    expect(error.message).toContain('idempotencyKey: error.idempotencyKey');
  });

  test('keeps what named it, whatever comes between, and what the last answer told', async () => {
    const error = await fail([RESET, LOST, PROXY, LIMITED]);
    expect(error).toMatchObject({ paymentNo: 'PAY1', refundNo: 'RF1', status: 429, retryAfter: 7, requestId: 'req_9' });
    expect(error.message).toContain('PAYMENT_GATEWAY_TIMEOUT');
  });

  test('is not waited for beyond the end, and stays open then too', async () => {
    const late = { idempotencyKey: 'mine', deadlineMs: 5000 };
    const error = await script([RESET, LIMITED]).refunds.create('PAY1', {}, late).catch(String);
    expect(error).toContain('OutcomeUnknownError');
  });

  test.each([
    ['REFUND_REFUSED', [RESET, say(422, 'REFUND_REFUSED')]],
    ['PAYMENT_NOT_FOUND', [PROXY, say(404, 'PAYMENT_NOT_FOUND')]],
    ['REFUND_IN_PROGRESS', [LOST, say(409, 'REFUND_IN_PROGRESS')]],
    ['PAYMENT_GATEWAY_TIMEOUT', [RESET, LOST]],
    ['PAYMENT_GATEWAY_TIMEOUT', [LOST, LOST]],
    ['HTTP_502', [RESET, PROXY]],
  ] as const)('ends with %s when PayCore says so, and with the key', async (code, tries) => {
    expect(await fail(tries)).toMatchObject({ code, idempotencyKey: 'mine' });
  });
});

describe('nothing is hidden', () => {
  test.each([
    ['nobody was there', [REFUSED, REFUSED_BY_BUN, LIMITED], 'RateLimitedError'],
    ['PayCore said that nothing was changed', [BUSY, say(503, 'STORAGE_UNAVAILABLE'), LIMITED], 'RateLimitedError'],
    ['there was one try, which says itself what it left open', [RESET], 'ConnectionError'],
    ['the request led elsewhere', [{ status: 302 }], 'AnswerError'],
    ['nobody was there at all', [REFUSED, REFUSED], 'ConnectionError'],
  ] as const)('when %s, and the last try decides', async (_, tries, name) => {
    expect(await fail(tries)).toMatchObject({ name, idempotencyKey: 'mine' });
  });

  test('when the time is up before an answer, and the key is told', async () => {
    const fetch: Fetch = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    const paycore = new PayCore({ url: 'https://pay.example', apiKey: 'pc_test_outcome', fetch });
    const options = { retries: 0, timeoutMs: 5, idempotencyKey: 'mine' };
    await expect(paycore.refunds.create('PAY1', {}, options)).rejects.toMatchObject({
      name: 'TimeoutError',
      idempotencyKey: 'mine',
    });
  });

  test('by a read', async () => {
    expect(await fail([RESET, PROXY, LIMITED], 'read')).toMatchObject({
      name: 'RateLimitedError',
      idempotencyKey: null,
    });
  });
});
