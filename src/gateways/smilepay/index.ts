import type { Gateway } from '../gateway.ts';
import { callback } from './callback.ts';
import { requestNumber } from './create.ts';
import { testCredentials } from './credential-test.ts';
import { credentials } from './credentials.ts';
import { errors } from './errors.ts';
import { describeInfo } from './info.ts';
import { methods } from './methods.ts';
import { queryOrder } from './query.ts';

export const smilepay: Gateway = {
  id: 'smilepay',
  name: '速買配 SmilePay',
  names: { 'zh-tw': '速買配', 'zh-cn': '速买配', en: 'SmilePay' },
  methods,
  credentials,
  services: { api: { production: 'https://ssl.smse.com.tw' } },
  // SmilePay’s plug-ins test with a public merchant on the real system; there is no other one for numbers.
  defaultEnvironment: { live: 'production', test: null },
  settle: 'abandon',
  // Longer ones are refused as content that is too long (Status -2007).
  orderNo: { length: 18, keeps: /^[A-Za-z0-9]{1,18}$/ },
  callback,
  errors,
  create: requestNumber,
  query: queryOrder,
  testCredentials,
  describeInfo,
};
