import { describe, expect, test } from 'bun:test';
import * as errors from '../../../src/client/errors.ts';
import { readRetryAfter, toError } from '../../../src/client/failure.ts';
import { isWorthAnother, sleep, waitBefore } from '../../../src/client/retry.ts';

const NOW = Date.UTC(2026, 0, 1);
const answerOf = (status: number, error?: object, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  body: error && { success: false, message: 'said', error },
  now: NOW,
});
const reply = (...told: Parameters<typeof answerOf>) => toError({ idempotencyKey: null }, answerOf(...told));
const replyToPost = (...told: Parameters<typeof answerOf>) => toError({ idempotencyKey: 'key' }, answerOf(...told));

describe('another try', () => {
  test('is worth it when the next may find things otherwise', () => {
    const worth = [400, 401, 404, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504].filter((status) =>
      isWorthAnother(reply(status)),
    );
    expect(worth).toEqual([408, 429, 502, 503, 504]);
    expect(isWorthAnother(new errors.TimeoutError({ code: 'TIMEOUT', message: '' }))).toBe(true);
    expect(isWorthAnother(new errors.ConfigurationError(''))).toBe(false);
    expect(isWorthAnother(new Error('aborted'))).toBe(false);
  });

  test('comes after twice as long each time, eight seconds at most, with chance in it', () => {
    expect([1, 2, 3, 4, 5, 6, 9].map((failed) => waitBefore(failed, null, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ]);
    expect([0, 0.5, 1].map((chance) => waitBefore(3, null, chance))).toEqual([1000, 1500, 2000]);
  });

  test('never comes earlier than the server asked for', () => {
    expect([0, 1, 60].map((seconds) => waitBefore(1, seconds, 1))).toEqual([500, 1000, 60_000]);
  });

  test('is not waited for when nobody wants it any more', async () => {
    const controller = new AbortController();
    const waiting = sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(sleep(60_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await sleep(1, new AbortController().signal);
  });

  test('Retry-After has seconds, or a date', () => {
    const read = (value: string) => readRetryAfter(new Headers({ 'retry-after': value }), NOW);
    expect(
      ['0', '120', new Date(NOW + 90_500).toUTCString(), new Date(NOW - 5000).toUTCString(), 'soon'].map(read),
    ).toEqual([0, 120, 90, 0, undefined]);
  });
});

describe('an error', () => {
  test.each([
    [401, { error_code: 'API_KEY_INVALID' }, errors.AuthenticationError],
    [404, { error_code: 'LINK_NOT_FOUND' }, errors.NotFoundError],
    [409, { error_code: 'ORDER_CONFLICT', payment_no: 'PAY1' }, errors.OrderConflictError],
    [409, { error_code: 'REFUND_IN_PROGRESS' }, errors.ConflictError],
    [
      422,
      { error_code: 'VALIDATION_FAILED', fields: { amount: ['The amount field is required.'] } },
      errors.ValidationError,
    ],
    [422, { error_code: 'INVALID_ARGUMENT' }, errors.ValidationError],
    [422, { error_code: 'SOMETHING_NEW', fields: { a: ['b'] } }, errors.ValidationError],
    [422, { error_code: 'STRIPE_AUTH_FAILED', gateway: { code: '401', message: 'no' } }, errors.GatewayRefusedError],
    [422, { error_code: 'REFUND_NOT_SUPPORTED' }, errors.PayCoreError],
    [422, { error_code: 'constructor' }, errors.PayCoreError],
    [429, { error_code: 'RATE_LIMITED' }, errors.RateLimitedError],
    [500, { error_code: 'INTERNAL_ERROR' }, errors.ServerError],
    [502, { error_code: 'PAYMENT_GATEWAY_ERROR' }, errors.ServerError],
    [502, { error_code: 'PAYMENT_GATEWAY_ERROR', payment_no: 'PAY1' }, errors.OutcomeUnknownError],
    [503, { error_code: 'GATEWAY_RESTING', payment_no: 'PAY1' }, errors.ServerError],
    [504, { error_code: 'PAYMENT_GATEWAY_TIMEOUT', refund_no: 'RF1' }, errors.OutcomeUnknownError],
    [503, { error_code: 'STORAGE_UNAVAILABLE' }, errors.ServerError],
    [503, { error_code: 'STORAGE_UNAVAILABLE', payment_no: 'PAY1', refund_no: 'RF1' }, errors.OutcomeUnknownError],
  ])('with status %j and %j has the class that a shop decides by', (status, error, type) => {
    const made = replyToPost(status, error);
    expect(made.constructor).toBe(type);
    expect([made.name, made.code, made.status, made.message]).toEqual([type.name, error.error_code, status, 'said']);
  });

  test.each([500, 502, 503, 504, 524])(
    'of a POST that a proxy answers with %i and no code leaves the outcome open',
    (status) => {
      expect(replyToPost(status)).toMatchObject({
        name: 'OutcomeUnknownError',
        code: `HTTP_${status}`,
        idempotencyKey: 'key',
      });
      expect(reply(status)).toMatchObject({ name: 'ServerError', code: `HTTP_${status}`, idempotencyKey: null });
    },
  );

  test('tells what was told, and nothing that was not', () => {
    const gateway = { code: '1', message: 'no' };
    const full = { error_code: 'X', fields: { a: ['b'] }, payment_no: 'P', refund_no: 'R', gateway };
    expect(reply(422, full, { 'x-request-id': 'req_1', 'retry-after': '3' })).toMatchObject({
      fields: { a: ['b'] },
      paymentNo: 'P',
      refundNo: 'R',
      gateway,
      requestId: 'req_1',
      retryAfter: 3,
    });
    const bare = reply(502);
    expect(bare).toMatchObject({ code: 'HTTP_502', fields: null, paymentNo: null, gateway: null, requestId: null });
    expect(bare.message).toBe('expected an answer of PayCore, got status 502 without one');
  });
});
