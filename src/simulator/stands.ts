import { ecpayStand } from './ecpay/index.ts';
import type { Gateway } from './gateways.ts';
import { paypalStand } from './paypal/index.ts';
import { plusStand } from './plus/index.ts';
import { smilepayStand } from './smilepay/index.ts';
import type { Stand, StandOrder } from './stand.ts';
import { stripeStand } from './stripe/index.ts';
import type { World } from './world.ts';

export const stands: readonly Stand[] = [ecpayStand, smilepayStand, paypalStand, stripeStand, plusStand];

export function findStand(id: string): Stand {
  const stand = stands.find((one) => one.id === id);
  if (!stand) throw new Error(`There is no stand ${id}.`);
  return stand;
}

/** Every route that faults and the request log know. */
export const gatewayList: readonly Gateway[] = [
  ...new Set(stands.flatMap((stand) => stand.routes.flatMap((route) => route.gateway ?? []))),
];

/** An order, and the stand that keeps it. */
export interface StandRef {
  readonly stand: Stand;
  readonly order: StandOrder;
}

function refsOf(gateway: string | null, ordersOf: (stand: Stand) => StandOrder | readonly StandOrder[]): StandRef[] {
  return stands
    .filter((stand) => gateway === null || stand.id === gateway)
    .flatMap((stand) => [ordersOf(stand)].flat().map((order) => ({ stand, order })))
    .sort((one, other) => other.order.createdAt - one.order.createdAt);
}

/** The newest order of that number; gateway and merchant tell orders of one number apart. */
export function findRef(
  world: World,
  number: string,
  gateway: string | null,
  merchantId: string | null,
): StandRef | undefined {
  return refsOf(gateway, (stand) => stand.find(world, number, merchantId || undefined) ?? [])[0];
}

/** Newest first. */
export function listRefs(world: World, count: number, gateway: string | null): StandRef[] {
  return refsOf(gateway, (stand) => stand.newest(world, count)).slice(0, count);
}
