import type { Gateway } from '../gateway.ts';
import { callback } from './callback.ts';
import { createIntent } from './create.ts';
import { testCredentials } from './credential-test.ts';
import { credentials } from './credentials.ts';
import { element } from './element.ts';
import { errors } from './errors.ts';
import { describeInfo } from './info.ts';
import { methods } from './methods.ts';
import { cancelIntent, queryIntent } from './query.ts';
import { listRefunds, refundIntent } from './refund.ts';
import { services } from './services.ts';

export const stripe: Gateway = {
  id: 'stripe',
  name: 'Stripe',
  methods,
  credentials,
  services,
  defaultEnvironment: { live: 'production', test: 'sandbox' },
  settle: 'replay',
  currencyRefusal: errors.STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED,
  callback,
  errors,
  create: createIntent,
  query: queryIntent,
  testCredentials,
  cancel: cancelIntent,
  refund: refundIntent,
  listRefunds,
  returnsTradeNoAs: 'payment_intent',
  element,
  describeInfo,
};
