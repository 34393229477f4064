import { describe, expect, test } from 'bun:test';
import { ERRORS, failValidation, PayCoreError } from '../../../src/core/errors.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { listErrors } from '../../../src/http/openapi/errors.ts';

describe('the table of errors', () => {
  const all = listErrors(GATEWAYS);

  for (const { code, status, message: text } of all) {
    test(`${code} has its name in capitals (but the one the catalogue writes otherwise), a status of failure and a sentence`, () => {
      if (code !== 'gateway_sync_not_supported') expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(text.length).toBeGreaterThan(8);
    });
  }

  test('no code stands in two tables, and those of a gateway bear its name', () => {
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    for (const { id, errors = {} } of GATEWAYS) {
      for (const [name, { code }] of Object.entries(errors)) {
        expect(code).toBe(name);
        expect(code.startsWith(`${id.toUpperCase()}_`)).toBe(true);
      }
    }
    expect(
      Object.keys(ERRORS).filter((code) => GATEWAYS.some(({ id }) => code.startsWith(`${id.toUpperCase()}_`))),
    ).toEqual([]);
  });

  test('says what the catalogue promises', () => {
    const status = (code: string) => all.find((spec) => spec.code === code)?.status;
    expect([status('API_KEY_INVALID'), status('INVALID_JSON'), status('UNSUPPORTED_MEDIA_TYPE')]).toEqual([
      401, 400, 415,
    ]);
    expect([status('PAYLOAD_TOO_LARGE'), status('VALIDATION_FAILED'), status('ORDER_CONFLICT')]).toEqual([
      413, 422, 409,
    ]);
    expect([status('PAYMENT_GATEWAY_ERROR'), status('PAYMENT_GATEWAY_TIMEOUT')]).toEqual([502, 504]);
    expect([status('STORAGE_UNAVAILABLE'), status('PAYMENT_NOT_FOUND'), status('RATE_LIMITED')]).toEqual([
      503, 404, 429,
    ]);
    expect([status('ECPAY_CREDENTIAL_INVALID'), status('IDEMPOTENCY_KEY_REUSED')]).toEqual([422, 422]);
  });
});

test('an error carries its code, status, default text, details and cause', () => {
  const cause = new Error('disk');
  const error = new PayCoreError('STORAGE_UNAVAILABLE', { cause, details: { retry_after: 5 } });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', status: 503, cause, details: { retry_after: 5 } });
  expect(error.message).toBe(ERRORS.STORAGE_UNAVAILABLE.message);
  expect(new PayCoreError('INVALID_ARGUMENT', { message: 'No.' })).toMatchObject({ message: 'No.', details: {} });
  expect('cause' in new PayCoreError('INTERNAL_ERROR')).toBe(false);
});

test('a validation error lists its fields', () => {
  expect(failValidation({ amount: ['The amount field is required.'] })).toMatchObject({
    code: 'VALIDATION_FAILED',
    status: 422,
    details: { fields: { amount: ['The amount field is required.'] } },
  });
});
