import type { Deps } from '../deps.ts';
import { createCreator } from './create.ts';
import { createInSite } from './insite.ts';
import { createOverview } from './overview.ts';
import { createReceiver } from './receive.ts';
import { createSettler } from './settle.ts';

/** The use cases that remember something between calls, made once and shared by routes and background work. */
export function createServices(deps: Deps) {
  const look = createSettler(deps);
  return {
    look,
    createPayment: createCreator(deps, look),
    receiveCallback: createReceiver(deps),
    inSite: createInSite(deps, look),
    overview: createOverview(deps),
  };
}

export type Services = ReturnType<typeof createServices>;
