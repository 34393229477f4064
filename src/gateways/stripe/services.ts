import type { Gateway } from '../gateway.ts';

/** Stripe has one host for test and live: the key decides. */
export const services = {
  api: { sandbox: 'https://api.stripe.com', production: 'https://api.stripe.com' },
  js: { sandbox: 'https://js.stripe.com', production: 'https://js.stripe.com' },
} as const satisfies Gateway['services'];
