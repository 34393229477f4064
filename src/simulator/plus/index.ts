import type { Stand } from '../stand.ts';

export const plusStand: Stand = {
  id: 'plus',
  name: 'PLUS',
  routes: [],
  find: () => undefined,
  newest: () => [],
  actions: {},
  forgeKinds: [],
  readCaller: () => ({ merchantId: '', orderNo: '' }),
};
