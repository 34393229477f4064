import type { Stand } from '../stand.ts';

export const stripeStand: Stand = {
  id: 'stripe',
  name: 'Stripe',
  routes: [],
  find: () => undefined,
  newest: () => [],
  actions: {},
  forgeKinds: [],
  readCaller: () => ({ merchantId: '', orderNo: '' }),
};
