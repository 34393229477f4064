import { type Gateway, gateways } from './gateways.ts';
import { paypalStand } from './paypal/index.ts';
import { plusStand } from './plus/index.ts';
import { smilepayStand } from './smilepay/index.ts';
import type { Stand } from './stand.ts';
import { stripeStand } from './stripe/index.ts';

/** The gateways besides ECPay. */
export const stands: readonly Stand[] = [smilepayStand, paypalStand, stripeStand, plusStand];

export function findStand(id: string): Stand | undefined {
  return stands.find((stand) => stand.id === id);
}

/** Every route that faults and the request log know. */
export const gatewayList: readonly Gateway[] = [
  ...Object.values(gateways),
  ...new Set(stands.flatMap((stand) => stand.routes.flatMap((route) => route.gateway ?? []))),
];
