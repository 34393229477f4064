import { DAY, HOUR } from '../../../src/core/time.ts';
import type { CredentialSchema, Gateway, Method } from '../../../src/gateways/gateway.ts';
import { callback } from './callback.ts';
import { createOrder } from './create.ts';
import { queryOrder } from './query.ts';

const page: Method = {
  path: 'page',
  method: 'page',
  mode: 'redirect',
  kind: 'online',
  serves: ['example'],
  hint: 'page',
  currencies: ['TWD'],
  unit: 'major',
  decimals: { TWD: 0 },
  callsGateway: true,
  mayChooseAgain: true,
  defaultLifetimeMs: DAY,
  graceMs: { redirect: HOUR, none: HOUR },
  limits: { min: 1, max: 200_000 },
  maxExpireDays: 60,
  guideUrl: null,
  extras: [],
  docs: {
    title: 'Create Example Pay payment',
    summary: 'The payer goes to a page of Example Pay.',
    highlights: ['payment_no', 'payment_url', 'pay_url', 'status'],
    errors: ['GATEWAY_CREDENTIAL_INVALID', 'GATEWAY_REQUEST_REJECTED', 'ORDER_CONFLICT'],
    exampleInfo: { pay_url: 'https://pay.example-pay.test/o/EX1' },
    info: { pay_url: 'Example Pay’s page for the payer.' },
  },
};

const credentials: CredentialSchema = {
  invalid: 'GATEWAY_CREDENTIAL_INVALID',
  merchantField: 'shop',
  environments: { sandbox: 'sandbox', production: 'production' },
  fields: [
    {
      name: 'shop',
      aliases: ['shop_id'],
      required: true,
      pattern: /^[a-z0-9]{1,20}$/,
      expected: '1 to 20 letters and digits',
      description: 'Name of your shop.',
      example: 'teashop',
    },
    {
      name: 'secret',
      aliases: [],
      required: true,
      pattern: /^[\x21-\x7e]{16,64}$/,
      expected: '16 to 64 characters',
      description: 'Secret of your shop.',
      example: 'k3vQx8Zp2mLr7TnW',
    },
  ],
};

export const example: Gateway = {
  id: 'example',
  name: 'Example Pay',
  methods: [page],
  credentials,
  services: { api: { sandbox: 'https://sandbox.example-pay.test', production: 'https://api.example-pay.test' } },
  defaultEnvironment: { live: 'production', test: 'sandbox' },
  settle: 'query',
  callback,
  create: createOrder,
  query: queryOrder,
  describeInfo: (_payment, { instructions }) =>
    instructions?.type === 'redirect' ? { pay_url: instructions.url } : {},
};
