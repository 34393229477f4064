import { PayCoreError } from '../../core/errors.ts';
import { fromMinorUnits } from '../../core/money.ts';
import type { Environment, Payment } from '../../core/payment.ts';
import { comparePlaces, isOffered } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import { mayTake } from '../../gateways/amounts.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { isWithinLimits } from '../create/request.ts';
import { findOwnCredential } from '../projects/credentials.ts';
import { requireOrigins, type Ways } from '../urls.ts';

/** A method that a payer may choose. */
export interface MethodOption {
  /** `gateway/path`. */
  readonly route: string;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly credential: StoredCredential;
}

/** What the payer of this payment may choose from, in the merchant's order. */
export async function listMethodOptions(
  deps: Ways & Pick<Deps, 'store'>,
  payment: Payment,
): Promise<readonly MethodOption[]> {
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
        const route = `${gateway.id}/${method.path}`;
        const isOn = isOffered(settings, route, method.inCheckout !== false);
        const amount = fromMinorUnits(payment.amount, payment.currency, method.unit);
        return (
          isOn && mayTake(payment.amount, payment.currency, method) && isWithinLimits(amount, gateway, method, limits)
        );
      })
      .map((method) => ({ route: `${gateway.id}/${method.path}`, gateway, method, credential }));
  });
  const compare = comparePlaces(settings);
  return choices.sort((a, b) => compare({ name: a.route }, { name: b.route }));
}

/** The credentials that the project keeps for the gateway and this kind of money; null: it cannot be used. */
async function findUsable(
  deps: Ways & Pick<Deps, 'store'>,
  payment: Payment,
  gateway: Gateway,
): Promise<StoredCredential | null> {
  const { projectId, keyKind: kind } = payment;
  const stored = await findOwnCredential(deps, { projectId, kind }, gateway);
  return stored && hasOrigins(deps, gateway, stored.environment) ? stored : null;
}

/** False: the operator has to name an origin first. */
function hasOrigins(deps: Ways, gateway: Gateway, environment: Environment): boolean {
  try {
    requireOrigins(deps, gateway, environment);
    return true;
  } catch (error) {
    if (error instanceof PayCoreError) return false;
    throw error;
  }
}
