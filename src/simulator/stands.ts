import { ecpayStand } from './ecpay/index.ts';
import type { Gateway } from './faults.ts';
import { paypalStand } from './paypal/index.ts';
import { plusStand } from './plus/index.ts';
import { smilepayStand } from './smilepay/index.ts';
import type { Stand, StandOrder } from './stand.ts';
import { stripeStand } from './stripe/index.ts';

export const stands: readonly Stand[] = [ecpayStand, smilepayStand, paypalStand, stripeStand, plusStand];

export function findStand(id: string): Stand {
  const stand = stands.find((one) => one.id === id);
  if (!stand) throw new Error(`There is no stand ${id}.`);
  return stand;
}

/** Every route that faults and the request log know. */
export const gatewayList: readonly Gateway[] = [
  ...new Map(
    stands.flatMap((stand) => stand.routes.flatMap(({ gateway }) => (gateway ? [[gateway.name, gateway]] : []))),
  ).values(),
];

/** An order, and the stand that keeps it. */
export interface StandRef {
  readonly stand: Stand;
  readonly order: StandOrder;
}
