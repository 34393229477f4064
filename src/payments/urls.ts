import { PayCoreError } from '../core/errors.ts';
import type { Locale } from '../core/locale.ts';
import type { Environment, Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { Gateway, GatewayContext } from '../gateways/gateway.ts';
import { inLane } from '../gateways/http.ts';
import { practiceOrigin } from '../gateways/practice.ts';
import { keyOf } from '../gateways/registry.ts';

type Links = Pick<Deps, 'publicUrl' | 'vault' | 'config'>;

/** Path and query of a payment page. */
export function pagePath(deps: Links, paymentNo: string, locale: Locale): string {
  return `/${locale}/pay/${paymentNo}?token=${deps.vault.makePageToken(paymentNo)}`;
}

export function pageUrl(deps: Links, paymentNo: string, locale: Locale): string {
  return deps.publicUrl + pagePath(deps, paymentNo, locale);
}

/** In the address of the page for who wants to pay another way. */
export const CHOOSING = '&choose=1';

/** In the address of a page whose language nobody has chosen: the payer's browser says which it shall be. */
export const LANGUAGE_OPEN = 'lang=auto';

/** `payment_url`: the page in the language that the shop has named, else in the merchant's until the browser names another. */
export function paymentUrl(deps: Links, { paymentNo, order }: Pick<Payment, 'paymentNo' | 'order'>): string {
  const url = pageUrl(deps, paymentNo, order.locale ?? deps.config.locale);
  return order.locale === undefined ? `${url}&${LANGUAGE_OPEN}` : url;
}

/** Carries the page's token on the way back: PayPal adds a `token` of its own, which is its order. */
export const RETURN_TOKEN = 'page';

/**
 * Where a gateway sends the payer's browser back to. The page's token travels along, so that the address alone, without
 * it, opens nothing.
 */
export function browserReturnUrl(deps: Links, gateway: string, paymentNo: string, locale: Locale): string {
  const token = deps.vault.makePageToken(paymentNo);
  return `${deps.publicUrl}/${locale}/payment/${gateway}/return/${paymentNo}?${RETURN_TOKEN}=${token}`;
}

export function callbackUrl(deps: Pick<Deps, 'publicUrl'>, gateway: string): string {
  return `${deps.publicUrl}/api/paycore/webhooks/${gateway}`;
}

function overrideOf({ config }: Pick<Deps, 'config'>, gateway: string, service: string): string | undefined {
  return config.origins[keyOf(gateway, service)];
}

/** What leads to a gateway, or to what stands in for it. */
export type Ways = Pick<Deps, 'config' | 'gateways' | 'practice'>;

/**
 * Origin of a gateway's service: the operator's override, else the gateway's own. The built-in simulator's is one for all,
 * and only its own environment has it. Throws the gateway's `originMissing`.
 */
export function originOf(deps: Ways, gatewayId: string, service: string, environment: Environment): string {
  if (environment === 'simulator') return practiceOrigin(deps.practice);
  const gateway = deps.gateways.find(gatewayId);
  const origin = overrideOf(deps, gatewayId, service) ?? gateway?.services[service]?.[environment];
  if (origin) return origin;
  if (gateway?.originMissing) throw new PayCoreError(gateway.originMissing);
  throw new Error(`${gatewayId} has no ${service} service in ${environment}`);
}

/** Throws what `originOf` does, when a service of the gateway has no address yet. */
export function requireOrigins(deps: Ways, gateway: Gateway, environment: Environment): void {
  for (const service of Object.keys(gateway.services)) originOf(deps, gateway.id, service, environment);
}

/** False: the operator has to name an origin first. */
export function hasOrigins(deps: Ways, gateway: Gateway, environment: Environment): boolean {
  try {
    requireOrigins(deps, gateway, environment);
    return true;
  } catch (error) {
    if (error instanceof PayCoreError) return false;
    throw error;
  }
}

/** Where pages of ours may post to beside https addresses: what the operator has put in the gateways' places. */
export function listPostTargets({ config, practice }: Pick<Deps, 'config' | 'practice'>): readonly string[] {
  const origin = practice.origin();
  return [...Object.values(config.origins), ...(origin === null ? [] : [origin])];
}

/** Every service of the gateway leads somewhere else than to the gateway itself. */
export function isOverridden(deps: Pick<Deps, 'config'>, gateway: Gateway): boolean {
  return Object.keys(gateway.services).every((service) => overrideOf(deps, gateway.id, service) !== undefined);
}

export interface ContextOf {
  readonly gateway: string;
  readonly paymentNo: string;
  readonly gatewayOrderNo: string;
  readonly locale: Locale;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function gatewayContext(
  deps: Links & Ways & Pick<Deps, 'http' | 'gatewayMemory'>,
  of: ContextOf,
): GatewayContext {
  const { gateway, paymentNo, locale, now } = of;
  return {
    http: inLane(deps.http, gateway),
    now,
    originOf: (service, environment) => originOf(deps, gateway, service, environment),
    memory: deps.gatewayMemory,
    settings: deps.config.gatewaySettings[gateway] ?? {},
    callbackToken: deps.vault.makeCallbackToken(gateway, of.gatewayOrderNo),
    urls: {
      callback: callbackUrl(deps, gateway),
      page: pageUrl(deps, paymentNo, locale),
      browserReturn: browserReturnUrl(deps, gateway, paymentNo, locale),
    },
  };
}
