import type { Gateway } from '../gateway.ts';
import { balance } from './balance.ts';
import { callback } from './callback.ts';
import { requestAccount } from './create.ts';
import { testCredentials } from './credential-test.ts';
import { credentials } from './credentials.ts';
import { errors } from './errors.ts';
import { describeInfo } from './info.ts';
import { methods } from './methods.ts';
import { queryOrder } from './query.ts';
import { SIGN } from './signature.ts';

export const plus: Gateway = {
  id: 'plus',
  name: 'PLUS',
  methods,
  credentials,
  // PLUS publishes no address: the operator names it (PAYCORE_PLUS_URL).
  services: { api: {} },
  settings: [SIGN],
  originMissing: errors.PLUS_URL_REQUIRED,
  defaultEnvironment: { live: 'production', test: null },
  settle: 'abandon',
  callback,
  errors,
  create: requestAccount,
  query: queryOrder,
  testCredentials,
  actions: { balance },
  describeInfo,
};
