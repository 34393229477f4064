import type { Stand } from '../stand.ts';

export const smilepayStand: Stand = {
  id: 'smilepay',
  name: 'SmilePay',
  routes: [],
  find: () => undefined,
  newest: () => [],
  actions: {},
  forgeKinds: [],
  readCaller: () => ({ merchantId: '', orderNo: '' }),
};
