import type { Attempt } from '../../core/attempt.ts';
import type { Gateway } from '../gateway.ts';
import { callback } from './callback.ts';
import { createOrder } from './create.ts';
import { testCredentials } from './credential-test.ts';
import { credentials } from './credentials.ts';
import { errors } from './errors.ts';
import { methods } from './methods.ts';
import { queryOrder } from './query.ts';
import { refundPayment } from './refund.ts';
import { listRefunds } from './refunds.ts';

/**
 * PayPal Checkout over Orders v2. There is no `cancel`: an order that was not captured cannot be ended by the merchant,
 * it dies by itself.
 */
export const paypal: Gateway = {
  id: 'paypal',
  name: 'PayPal',
  methods,
  credentials,
  services: {
    api: { sandbox: 'https://api-m.sandbox.paypal.com', production: 'https://api-m.paypal.com' },
  },
  defaultEnvironment: { live: 'production', test: 'sandbox' },
  settle: 'replay',
  returnsTradeNoAs: 'token',
  takesOnReturn: true,
  callback,
  errors,
  create: createOrder,
  query: queryOrder,
  testCredentials,
  refund: refundPayment,
  listRefunds,
  describeInfo: () => ({}),
  describeLinks: ({ instructions }: Attempt) =>
    instructions?.type === 'redirect' ? { approval_url: instructions.url } : {},
};
