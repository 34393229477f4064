import { PayCoreError } from '../../core/errors.ts';
import { fromMinorUnits } from '../../core/money.ts';
import { type Environment, type KeyKind, type Order, type Payment, UNCHOSEN } from '../../core/payment.ts';
import { comparePlaces, isOffered } from '../../core/settings.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { NewPayment } from '../../store/commands/open-payment.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import type { Caller } from '../caller.ts';
import { defaultEnvironment } from '../projects/credentials.ts';
import { serializePayment } from '../serialize.ts';
import { originOf } from '../urls.ts';
import type { Created } from './payment.ts';
import { type CreateRequest, isWithinLimits, readCheckoutRequest, takesCurrency } from './request.ts';

/**
 * All-in-One: the shop names order and amount, the payer chooses the method on our page. Every choice is an attempt; he
 * may choose again until one is paid, and those he left are listened to all the same.
 */
const LIFETIME = DAY;

/** Throws VALIDATION_FAILED or ORDER_CONFLICT. */
export async function createCheckout(
  deps: Deps,
  caller: Caller,
  body: Readonly<Record<string, unknown>>,
): Promise<Created> {
  const settings = await deps.store.findSettings(caller.projectId);
  const request = readCheckoutRequest(body, { config: deps.config, settings });
  const { amount, currency } = request;
  const planned = await planCheckout(deps, caller, request);
  const origin = { by: { type: 'api_key', id: caller.keyId } } as const;
  const { payment, attempt, created } = await deps.store.openPayment({ ...planned, origin }, null);
  const same =
    payment.isCheckout && payment.status === 'pending' && payment.amount === amount && payment.currency === currency;
  if (!created && !same) throw new PayCoreError('ORDER_CONFLICT', { details: { payment_no: payment.paymentNo } });
  return { created, data: { ...serializePayment(deps, payment, attempt), created } };
}

/** A payment about to be opened, whose payer will choose. */
export async function planCheckout(
  deps: Deps,
  { projectId, kind }: Pick<Caller, 'projectId' | 'kind'>,
  request: CreateRequest,
): Promise<NewPayment> {
  const now = deps.clock.now();
  const { expireDays } = request.order;
  const environment: Environment = kind === 'live' ? 'production' : 'sandbox';
  return {
    ...request,
    projectId,
    livemode: kind === 'live',
    keyKind: kind,
    gateway: UNCHOSEN,
    method: UNCHOSEN,
    mode: UNCHOSEN,
    environment,
    unit: 'major',
    credentialId: await ensureNoCredential(deps, projectId, environment),
    isCheckout: true,
    closeAt: now + (expireDays === undefined ? LIFETIME : expireDays * DAY),
    now,
  };
}

/** The empty set: no gateway has been chosen, so there is none to have credentials of. */
function ensureNoCredential(deps: Deps, projectId: number, environment: Environment): Promise<number> {
  return deps.store.ensureCredential({
    projectId,
    gateway: UNCHOSEN,
    merchantId: '',
    environment,
    fingerprint: deps.vault.fingerprint(`${UNCHOSEN} ${environment}`),
    sealed: deps.vault.seal(`credentials ${UNCHOSEN}`, '{}'),
    now: deps.clock.now(),
  });
}

/** One way to pay that a payer may choose. */
export interface Choice {
  /** `gateway/path`. */
  readonly route: string;
  readonly gateway: Gateway;
  readonly method: Method;
  readonly credential: StoredCredential;
}

/** What the payer of this payment may choose from, in the merchant's order. */
export async function listMethodOptions(
  deps: Pick<Deps, 'store' | 'config' | 'gateways'>,
  payment: Payment,
): Promise<readonly Choice[]> {
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
        return isOn && suits(method, payment, amount) && isWithinLimits(amount, gateway, method, limits);
      })
      .map((method) => ({ route: `${gateway.id}/${method.path}`, gateway, method, credential }));
  });
  const compare = comparePlaces(settings);
  return choices.sort((a, b) => compare({ name: a.route }, { name: b.route }));
}

/** The credentials that the project keeps for the gateway and this kind of money; null: it cannot be used. */
async function findUsable(
  deps: Pick<Deps, 'store' | 'config' | 'gateways'>,
  payment: Payment,
  gateway: Gateway,
): Promise<StoredCredential | null> {
  const environment = findEnvironment(deps, payment.keyKind, gateway);
  return environment && deps.store.findCurrentCredential(payment.projectId, gateway.id, environment);
}

/** Null: there is no test mode, or the operator has to name an origin first. */
function findEnvironment(deps: Pick<Deps, 'config' | 'gateways'>, kind: KeyKind, gateway: Gateway): Environment | null {
  try {
    const environment = defaultEnvironment(deps, gateway, kind);
    for (const service of Object.keys(gateway.services)) originOf(deps, gateway.id, service, environment);
    return environment;
  } catch (error) {
    if (error instanceof PayCoreError) return null;
    throw error;
  }
}

/** Currency, decimals, and what the method needs to know of the payer. */
function suits(method: Method, { currency, order }: Payment, amount: number): boolean {
  if (!takesCurrency(method, currency)) return false;
  const mayHaveDecimals =
    method.unit === 'major' && method.wholeOnly !== undefined && !method.wholeOnly.includes(currency);
  if (!mayHaveDecimals && !Number.isInteger(amount)) return false;
  return !method.needsOneOf || method.needsOneOf.some((name) => KNOWN[name]?.(order) !== undefined);
}

const KNOWN: Readonly<Record<string, (order: Order) => string | undefined>> = {
  buyer_email: (order) => order.buyerEmail,
  buyer_mobile: (order) => order.buyerMobile,
  buyer_phone: (order) => order.buyerPhone,
};
