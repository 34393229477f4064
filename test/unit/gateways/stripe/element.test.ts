import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../../src/core/attempt.ts';
import { element } from '../../../../src/gateways/stripe/element.ts';
import { services } from '../../../../src/gateways/stripe/services.ts';
import { ATTEMPT, INTENT, RETURN_URL, SECRETS, stripeContext } from './support.ts';

const clientSecret = `${INTENT}_secret_Qz8`;
const attempt = {
  ...ATTEMPT,
  instructions: { type: 'element', clientSecret, expireAt: '2026-06-23T15:30:00+08:00' },
} as Attempt;

const contextOf = (origins: Readonly<Record<string, string>>) =>
  stripeContext('', { originOf: (service) => origins[service] ?? '' });
const real = contextOf({ api: services.api.sandbox, js: services.js.sandbox });

describe('what the page’s script gets', () => {
  test('Stripe’s script of our version, the public key, the key to this one intent, and the way back', () => {
    const form = element.describe(attempt, SECRETS, real, 'sandbox');
    expect(form).toEqual({
      scriptUrl: 'https://js.stripe.com/dahlia/stripe.js',
      settings: {
        publishableKey: 'pk_test_51PayCoreUnit',
        clientSecret,
        returnUrl: RETURN_URL,
        locale: 'zh-TW',
      },
    });
    expect(JSON.stringify(form)).not.toMatch(/sk_test|whsec/);
  });

  test('the language of the attempt, in Stripe’s spelling', () => {
    const localeOf = (locale: string | null) =>
      element.describe({ ...attempt, locale } as Attempt, SECRETS, real, 'sandbox').settings.locale;
    expect(['zh-tw', 'zh-cn', 'en', 'ja', 'ko', 'th', 'ms'].map(localeOf)).toEqual([
      'zh-TW',
      'zh',
      'en',
      'ja',
      'ko',
      'th',
      'ms',
    ]);
    expect(localeOf(null)).toBeUndefined();
  });

  test('there is no form for what is scanned', () => {
    const qr = { ...attempt, instructions: { type: 'qr', data: 'x', expireAt: '' } } as Attempt;
    expect(() => element.describe(qr, SECRETS, real, 'sandbox')).toThrow();
  });
});

describe('what the page may load', () => {
  test('Stripe’s own origins', () => {
    expect(element.origins(real, 'production')).toEqual({
      script: ['https://js.stripe.com', 'https://*.js.stripe.com'],
      frame: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
      connect: ['https://api.stripe.com'],
      img: ['https://*.stripe.com'],
      inlineStyle: true,
    });
  });

  test('the operator’s own instead, and nothing of Stripe’s beside them', () => {
    const simulator = 'http://127.0.0.1:9090';
    expect(element.origins(contextOf({ api: simulator, js: simulator }), 'sandbox')).toEqual({
      script: [simulator],
      frame: [simulator],
      connect: [simulator],
      img: [simulator],
      inlineStyle: true,
    });
    const apart = element.origins(contextOf({ api: 'https://api.proxy', js: 'https://js.proxy' }), 'sandbox');
    expect(apart.connect).toEqual(['https://api.proxy', 'https://js.proxy']);
    expect(JSON.stringify(apart)).not.toContain('stripe.com');
  });

  test('a proxy for the API alone is let in for calls alone', () => {
    const origins = element.origins(contextOf({ api: 'https://api.proxy', js: services.js.sandbox }), 'sandbox');
    expect(origins.connect).toEqual(['https://api.proxy']);
    expect(origins.script).toContain('https://js.stripe.com');
  });
});
