import { type Stand, type StandOrder, standOver } from '../stand.ts';
import type { World } from '../world.ts';
import { listAccounts } from './accounts.ts';
import { works } from './actions.ts';
import { docs } from './docs.ts';
import { ecpayEffects } from './effects.ts';
import { forgeKindsOf } from './forge.ts';
import { restoreCallback } from './notices.ts';
import { type EcpayOrder, findOrder, orders, viewOrder } from './order.ts';
import { accountSection } from './pages.tsx';
import { ecpayRoutes } from './routes.ts';
import { readEcpayCaller } from './service.ts';

const view = (world: World, order: EcpayOrder): StandOrder => ({
  ...viewOrder(world, order),
  forgeKinds: forgeKindsOf(order),
});

/**
 * A stand-in for ECPay: the cashier (AioCheckOut), numbers from a server (GenPaymentCode) and payment in the shop's own
 * page (GetTokenbyTrade, CreatePayment), with their queries and DoAction, and a stand-in for the script ECPay gives to
 * pages that take payments themselves.
 */
export const ecpayStand: Stand = {
  id: 'ecpay',
  name: 'ECPay',
  routes: ecpayRoutes,
  ...standOver(orders, view, works),
  find: (world, number, merchantId) => {
    const order = merchantId === undefined ? orders.find(world, number) : findOrder(world, merchantId, number);
    return order && view(world, order);
  },
  forgeKinds: forgeKindsOf({ kind: 'aio' }),
  payFlags: ['simulated'],
  docs,
  readCaller: readEcpayCaller,
  effects: ecpayEffects,
  restore: restoreCallback,
  section: (world) => accountSection(listAccounts(world)),
};
