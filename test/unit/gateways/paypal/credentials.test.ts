import { describe, expect, test } from 'bun:test';
import { paypal } from '../../../../src/gateways/paypal/index.ts';
import { credentialReader } from '../../../support/credentials.ts';
import { SECRETS } from './support.ts';

const { read, codeOf } = credentialReader(paypal);

describe('PayPal credentials in a request', () => {
  test('are taken, with a webhook_id and without', () => {
    expect(read({ ...SECRETS }).secrets).toEqual(SECRETS);
    const more = { ...SECRETS, webhook_id: '1JE4291016473214C' };
    expect(read(more).secrets).toEqual(more);
    expect(codeOf({ ...more, webhookid: 'x' })).toBe('PAYPAL_CLIENT_ID_REQUIRED');
    expect(read({ ...SECRETS, webhook_id: '' }).secrets).toEqual(SECRETS);
  });

  test('are taken as the catalogue writes its example', () => {
    const example = {
      client_id: 'PAYPAL_CLIENT_ID',
      client_secret: 'PAYPAL_CLIENT_SECRET',
      webhook_id: 'PAYPAL_WEBHOOK_ID',
      environment: 'sandbox',
    };
    expect(codeOf(example)).toBe('taken');
    expect(codeOf({ ...example, webhook_id: 'WH-xxxxxxxx' })).toBe('taken');
  });

  for (const [word, environment] of [
    ['sandbox', 'sandbox'],
    ['live', 'production'],
    ['production', 'production'],
    ['Live', 'production'],
  ] as const) {
    test(`${word} means ${environment}`, () =>
      expect(read({ ...SECRETS, environment: word }, 'live').environment).toBe(environment));
  }

  test('that name no environment go where the key leads', () => {
    expect(read({ ...SECRETS }, 'test').environment).toBe('sandbox');
    expect(read({ ...SECRETS }, 'live').environment).toBe('production');
  });

  test('of production are refused with a test key', () => {
    expect(codeOf({ ...SECRETS, environment: 'live' })).toBe('TEST_KEY_PRODUCTION');
  });

  for (const given of [null, undefined, '', 'text', [], {}, { client_secret: 'x' }, { ...SECRETS, client_id: 'a:b' }]) {
    test(`${JSON.stringify(given)} lack a client_id`, () => expect(codeOf(given)).toBe('PAYPAL_CLIENT_ID_REQUIRED'));
  }

  for (const client_secret of [undefined, null, '', 'with blank', '密碼', {}, 'x'.repeat(256)]) {
    test(`with the client_secret ${JSON.stringify(client_secret)?.slice(0, 20)} lack one`, () =>
      expect(codeOf({ ...SECRETS, client_secret })).toBe('PAYPAL_CLIENT_SECRET_REQUIRED'));
  }

  for (const environment of ['stage', 'prod', 'x', 5, {}]) {
    test(`for the environment ${JSON.stringify(environment)} are refused`, () =>
      expect(codeOf({ ...SECRETS, environment })).toBe('PAYPAL_ENVIRONMENT_INVALID'));
  }

  for (const webhook_id of ['x'.repeat(51), 'a b', 'a/b']) {
    test(`with the webhook_id ${webhook_id.slice(0, 10)} are refused, and the error names the field`, () => {
      expect(codeOf({ ...SECRETS, webhook_id })).toBe('GATEWAY_CREDENTIAL_INVALID');
      expect(() => read({ ...SECRETS, webhook_id })).toThrow('webhook_id');
    });
  }
});
