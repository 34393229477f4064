import type { Stand } from '../stand.ts';

export const paypalStand: Stand = {
  id: 'paypal',
  name: 'PayPal',
  routes: [],
  find: () => undefined,
  newest: () => [],
  actions: {},
  forgeKinds: [],
  readCaller: () => ({ merchantId: '', orderNo: '' }),
};
