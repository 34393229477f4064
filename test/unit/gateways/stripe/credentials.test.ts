import { describe, expect, test } from 'bun:test';
import { credentials } from '../../../../src/gateways/stripe/credentials.ts';
import { errors } from '../../../../src/gateways/stripe/errors.ts';
import { stripe } from '../../../../src/gateways/stripe/index.ts';
import { present } from '../../../support/parts.ts';

const fieldOf = (name: string) =>
  present(
    credentials.fields.find((field) => field.name === name),
    name,
  );
const takes = (name: string, text: string) => fieldOf(name).pattern.test(text);

describe('the keys', () => {
  test('look like Stripe’s, and each has its own error', () => {
    for (const [name, code, good, bad] of [
      [
        'secret_key',
        'STRIPE_SECRET_KEY_INVALID',
        ['sk_test_xxxxx', 'sk_live_51AbC'],
        ['pk_test_x', 'rk_live_x', 'sk_x', 'sk_test_'],
      ],
      [
        'publishable_key',
        'STRIPE_PUBLISHABLE_KEY_INVALID',
        ['pk_test_xxxxx', 'pk_live_51AbC'],
        ['sk_test_x', 'pk_x', ''],
      ],
      [
        'webhook_secret',
        'STRIPE_WEBHOOK_SECRET_INVALID',
        ['whsec_xxxxx', 'whsec_a+/='],
        ['xxxxx', 'whsec_', 'whsec_a b'],
      ],
    ] as const) {
      expect(fieldOf(name).invalid).toBe(errors[code]);
      for (const text of good) expect([text, takes(name, text)]).toEqual([text, true]);
      for (const text of bad) expect([text, takes(name, text)]).toEqual([text, false]);
    }
  });

  test('have a limit and nothing that could break a header', () => {
    expect(takes('secret_key', `sk_test_${'x'.repeat(300)}`)).toBe(false);
    for (const name of ['secret_key', 'publishable_key', 'webhook_secret', 'callback_secret']) {
      expect([name, takes(name, `${fieldOf(name).example}\r\nX: y`)]).toEqual([name, false]);
      expect([name, takes(name, fieldOf(name).example)]).toEqual([name, true]);
    }
  });

  test('two are needed, two may be left out, one may be seen', () => {
    const names = (wanted: (field: (typeof credentials.fields)[number]) => boolean) =>
      credentials.fields.filter(wanted).map(({ name }) => name);
    expect(names(({ required }) => required)).toEqual(['secret_key', 'publishable_key']);
    expect(names(({ isPublic }) => isPublic === true)).toEqual(['publishable_key']);
    expect(credentials.merchantField).toBe('publishable_key');
  });
});

describe('the mode', () => {
  test('the secret key says which environment it is for', () => {
    expect(credentials.environmentOf?.({ secret_key: 'sk_live_1', publishable_key: 'pk_live_1' })).toBe('production');
    expect(credentials.environmentOf?.({ secret_key: 'sk_test_live_1', publishable_key: 'pk_test_1' })).toBe('sandbox');
    expect(stripe.defaultEnvironment).toEqual({ live: 'production', test: 'sandbox' });
  });

  test('both keys must be of one mode', () => {
    const check = (secret_key: string, publishable_key: string) =>
      credentials.checkSet?.({ secret_key, publishable_key });
    expect(check('sk_test_1', 'pk_test_1')).toBeNull();
    expect(check('sk_live_1', 'pk_live_1')).toBeNull();
    expect(check('sk_live_1', 'pk_test_1')).toBe(errors.STRIPE_PUBLISHABLE_KEY_INVALID);
    expect(check('sk_test_1', 'pk_live_1')).toBe(errors.STRIPE_PUBLISHABLE_KEY_INVALID);
  });

  test('a test key of PayCore’s with a live key of Stripe’s is told so by its own code', () => {
    expect(credentials.productionRefusal).toBe(errors.STRIPE_SECRET_KEY_INVALID);
  });
});
