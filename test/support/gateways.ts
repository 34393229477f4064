import type { Gateway } from '../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { createGateways } from '../../src/gateways/registry.ts';

/** The drivers of the program. */
export const gateways = createGateways(GATEWAYS);

export function requireGateway(id: string): Gateway {
  const gateway = gateways.find(id);
  if (!gateway) throw new Error(`no driver for ${id}`);
  return gateway;
}
