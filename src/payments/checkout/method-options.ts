import { fromMinorUnits } from '../../core/money.ts';
import type { Payment } from '../../core/payment.ts';
import { comparePlaces, isOffered } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import { mayTake } from '../../gateways/amounts.ts';
import type { Gateway, Method, MethodNature } from '../../gateways/gateway.ts';
import { natureOf } from '../../gateways/nature.ts';
import type { Gateways } from '../../gateways/registry.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { isWithinLimits } from '../create/request.ts';
import { findOwnCredential, openSecrets } from '../projects/credentials.ts';
import { hasOrigins, type Ways } from '../urls.ts';

/** A method that a payer may choose, as it is with the project's account. */
export interface MethodOption extends MethodNature {
  /** `gateway/path`. */
  readonly route: string;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly credential: StoredCredential;
}

type Parts = Ways & Pick<Deps, 'store' | 'vault'>;

/** What can take the money of this payment, in the merchant's order. */
export async function listMethodOptions(deps: Parts, payment: Payment): Promise<readonly MethodOption[]> {
  const [settings, limits, usable] = await Promise.all([
    deps.store.findSettings(payment.projectId),
    deps.store.findLimits(payment.projectId),
    Promise.all(
      deps.gateways.list.map(async (gateway) => ({ gateway, credential: await findUsable(deps, payment, gateway) })),
    ),
  ]);
  const choices = usable.flatMap(({ gateway, credential }) => {
    if (!credential) return [];
    return gateway.methods
      .filter((method) => {
        const isOn = isOffered(settings, nameOf(gateway, method), method.inCheckout !== false);
        const amount = fromMinorUnits(payment.amount, payment.currency, method.unit);
        return (
          isOn && mayTake(payment.amount, payment.currency, method) && isWithinLimits(amount, gateway, method, limits)
        );
      })
      .map((method) => describeOption(deps, gateway, method, credential));
  });
  const compare = comparePlaces(settings);
  return choices.sort((a, b) => compare({ name: a.route }, { name: b.route }));
}

function describeOption(
  deps: Pick<Deps, 'vault'>,
  gateway: Gateway,
  method: Method,
  credential: StoredCredential,
): MethodOption {
  const { kind, serves, hint } = natureOf(method, () => openSecrets(deps, credential));
  const nature = { kind, hint, ...(serves ? { serves } : {}) };
  return { route: nameOf(gateway, method), gateway, method, credential, ...nature };
}

const nameOf = (gateway: Gateway, method: Method) => `${gateway.id}/${method.path}`;

/** The way that was chosen, or that an attempt is made by; null: none yet, or no driver has it any more. */
export function findWay(
  gateways: Gateways,
  chosen: Pick<Payment, 'gateway' | 'method' | 'mode'>,
): Pick<MethodOption, 'route' | 'gateway' | 'method'> | null {
  const gateway = gateways.find(chosen.gateway);
  const method = gateway?.methods.find((one) => one.method === chosen.method && one.mode === chosen.mode);
  return gateway && method ? { route: nameOf(gateway, method), gateway, method } : null;
}

/** The credentials that the project keeps for the gateway and this kind of money; null: it cannot be used. */
async function findUsable(deps: Parts, payment: Payment, gateway: Gateway): Promise<StoredCredential | null> {
  const { projectId, keyKind: kind } = payment;
  const stored = await findOwnCredential(deps, { projectId, kind }, gateway);
  return stored && hasOrigins(deps, gateway, stored.environment) ? stored : null;
}
