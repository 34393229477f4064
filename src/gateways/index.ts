import { ecpay } from './ecpay/index.ts';
import type { Gateway, Method } from './gateway.ts';
import { paypal } from './paypal/index.ts';
import { plus } from './plus/index.ts';
import { smilepay } from './smilepay/index.ts';
import { stripe } from './stripe/index.ts';

const registered: Gateway[] = [ecpay, smilepay, paypal, stripe, plus];

/** Every driver. Routes, API documentation, page policies and checks are made from this list. */
export const GATEWAYS: readonly Gateway[] = registered;

/** Adds a driver that is not part of this program. What comes back takes it away again. */
export function addGateway(gateway: Gateway): () => void {
  registered.push(gateway);
  return () => void registered.splice(registered.indexOf(gateway), 1);
}

/** What `Config.origins` calls the services of all drivers: `stripe` is Stripe's only or main one, `stripe_js` another. */
export function listServices(): readonly string[] {
  return GATEWAYS.flatMap(({ id, services }) =>
    Object.keys(services).map((service) => (service === MAIN_SERVICE ? id : `${id}_${service}`)),
  );
}

/** A gateway's only service, or its main one, is overridden by `PAYCORE_<GATEWAY>_URL` alone. */
export const MAIN_SERVICE = 'api';

export function findGateway(id: string): Gateway | null {
  return GATEWAYS.find((gateway) => gateway.id === id) ?? null;
}

/** The method of a stored attempt, or the one its payment was made by. */
export function findMethodOf(payment: { gateway: string; method: string; mode: string }): {
  readonly gateway: Gateway;
  readonly method: Method;
} {
  const gateway = findGateway(payment.gateway);
  const method = gateway?.methods.find((one) => one.method === payment.method && one.mode === payment.mode);
  if (!gateway || !method) {
    throw new Error(
      `no driver for ${payment.gateway} ${payment.mode} ${payment.method}: was this database written by a newer version?`,
    );
  }
  return { gateway, method };
}
