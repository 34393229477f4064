import type { Gateway } from '../gateway.ts';
import { buildForm } from './aio.ts';
import { requestNumber } from './background.ts';
import { callback } from './callback.ts';
import { testCredentials } from './credential-test.ts';
import { credentials } from './credentials.ts';
import { errors } from './errors.ts';
import { checkExtras } from './extra-rules.ts';
import { describeInfo } from './info.ts';
import { inSite } from './insite.ts';
import { methods } from './methods.ts';
import { queryOrder } from './query.ts';
import { refundCard } from './refund.ts';
import { storesOf } from './stores.ts';

/** What opens an attempt, by the mode of its method. */
const CREATE = {
  aio: buildForm,
  background: requestNumber,
  ecpg: () => ({ type: 'insite' }) as const,
} as const;

export const ecpay: Gateway = {
  id: 'ecpay',
  name: '綠界 ECPay',
  names: { 'zh-tw': '綠界', 'zh-cn': '绿界', en: 'ECPay' },
  methods,
  credentials,
  services: {
    payment: { stage: 'https://payment-stage.ecpay.com.tw', production: 'https://payment.ecpay.com.tw' },
    ecpayment: { stage: 'https://ecpayment-stage.ecpay.com.tw', production: 'https://ecpayment.ecpay.com.tw' },
    ecpg: { stage: 'https://ecpg-stage.ecpay.com.tw', production: 'https://ecpg.ecpay.com.tw' },
  },
  defaultEnvironment: { live: 'production', test: 'stage' },
  settle: 'query',
  callback,
  errors,
  storesOf,
  create: async (input, ctx) => CREATE[input.method.mode as keyof typeof CREATE](input, ctx),
  query: queryOrder,
  refund: refundCard,
  testCredentials,
  inSite,
  describeInfo,
  checkExtras,
};
