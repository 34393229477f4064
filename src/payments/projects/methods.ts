import { PayCoreError } from '../../core/errors.ts';
import type { Environment, KeyKind } from '../../core/payment.ts';
import { comparePlaces, isOffered } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import { decimalsOf } from '../../gateways/amounts.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { MethodData } from '../../http/schema/method.ts';
import type { Caller } from '../caller.ts';
import { requireOrigins, type Ways } from '../urls.ts';
import { defaultEnvironment, findOwnCredential } from './credentials.ts';
import { listMethods as listAll } from './projects.ts';

type Parts = Ways & Pick<Deps, 'store'>;

/** What a key can do with a gateway when a request says nothing about environment and credentials. */
type Access =
  | { readonly environment: Environment; readonly credentials: 'stored' | 'required'; readonly problem: null }
  | { readonly environment: null; readonly credentials: 'required'; readonly problem: PayCoreError };

/** Every method there is, in the merchant's order, with what this key needs in order to use it. */
export async function listMethods(deps: Parts, caller: Caller): Promise<readonly MethodData[]> {
  const [limits, settings, accesses] = await Promise.all([
    deps.store.findLimits(caller.projectId),
    deps.store.findSettings(caller.projectId),
    Promise.all(
      deps.gateways.list.map(async (gateway) => [gateway.id, await findAccess(deps, caller, gateway)] as const),
    ),
  ]);
  const byGateway = new Map(accesses);
  return [...listAll(deps.gateways)].sort(comparePlaces(settings)).map(({ name, gateway, method }) => {
    const access = byGateway.get(gateway.id);
    if (!access) throw new Error(`${gateway.id} is not in the registry`);
    const isOn = isOffered(settings, name, method.inCheckout !== false);
    return {
      ...describeMethod(name, gateway, method),
      limits: limits[name] ?? method.limits,
      ...describeAccess(access),
      in_checkout: access.credentials === 'stored' && isOn,
    };
  });
}

export function describeMethod(name: string, gateway: Gateway, method: Method) {
  return {
    name,
    route: `/api/paycore/pay/${name}`,
    gateway: gateway.id,
    gateway_name: gateway.name,
    method: method.method,
    mode: method.mode,
    title: method.docs.title,
    kind: method.kind,
    currencies: method.currencies,
    decimals: byCurrency(method, (currency) => decimalsOf(method, currency)),
    least: byCurrency(method, (currency) => method.least?.[currency]),
    unit: method.unit,
    max_expire_days: method.maxExpireDays,
    refundable: method.refundable === true,
  };
}

/** Without currencies that nothing is known of. */
function byCurrency(
  { currencies }: Method,
  read: (currency: string) => number | undefined,
): Readonly<Record<string, number>> {
  const entries = currencies.map((currency) => [currency, read(currency)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}

function describeAccess({ environment, credentials, problem }: Access) {
  return {
    enabled: credentials === 'stored',
    credentials,
    environment,
    problem: problem && { error_code: problem.code, message: problem.message },
  };
}

async function findAccess(deps: Parts, { projectId, kind }: Caller, gateway: Gateway): Promise<Access> {
  const stored = await findOwnCredential(deps, { projectId, kind }, gateway);
  const environment = readEnvironment(deps, gateway, kind, stored?.environment);
  if (environment instanceof PayCoreError) return { environment: null, credentials: 'required', problem: environment };
  return { environment, credentials: stored ? 'stored' : 'required', problem: null };
}

/** What cannot be read from the database is no problem of the gateway's, so only this is caught. */
function readEnvironment(
  deps: Parts,
  gateway: Gateway,
  kind: KeyKind,
  stored: Environment | undefined,
): Environment | PayCoreError {
  try {
    const environment = stored ?? defaultEnvironment(deps, gateway, kind);
    requireOrigins(deps, gateway, environment);
    return environment;
  } catch (error) {
    if (error instanceof PayCoreError) return error;
    throw error;
  }
}
