import type { Locale } from '../core/locale.ts';
import type { Environment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { GatewayContext } from '../gateways/gateway.ts';
import { findGateway } from '../gateways/index.ts';

type Links = Pick<Deps, 'publicUrl' | 'vault' | 'config'>;

/** Path and query of a payment page. */
export function pagePath(deps: Links, paymentNo: string, locale: Locale): string {
  return `/${locale}/pay/${paymentNo}?token=${deps.vault.makePageToken(paymentNo)}`;
}

/** `payment_url`: the page in the merchant's language. */
export function pageUrl(deps: Links, paymentNo: string, locale: Locale = deps.config.locale): string {
  return deps.publicUrl + pagePath(deps, paymentNo, locale);
}

/**
 * Where a gateway sends the payer's browser back to. The page's token travels along, so that the address alone, without
 * it, opens nothing.
 */
export function browserReturnUrl(deps: Links, gateway: string, paymentNo: string, locale: Locale): string {
  const token = deps.vault.makePageToken(paymentNo);
  return `${deps.publicUrl}/${locale}/payment/${gateway}/return/${paymentNo}?token=${token}`;
}

export function callbackUrl(deps: Pick<Deps, 'publicUrl'>, gateway: string): string {
  return `${deps.publicUrl}/api/paycore/webhooks/${gateway}`;
}

/** Origin of a gateway's service: the operator's override, else the gateway's own. */
export function originOf(
  deps: Pick<Deps, 'config'>,
  gateway: string,
  service: string,
  environment: Environment,
): string {
  const override = deps.config.origins[`${gateway}_${service}`];
  const origin = override ?? findGateway(gateway)?.services[service]?.[environment];
  if (!origin) throw new Error(`${gateway} has no ${service} service in ${environment}`);
  return origin;
}

export function gatewayContext(
  deps: Links & Pick<Deps, 'http'>,
  gateway: string,
  paymentNo: string,
  locale: Locale,
  now: number,
): GatewayContext {
  return {
    http: deps.http,
    now,
    originOf: (service, environment) => originOf(deps, gateway, service, environment),
    urls: {
      callback: callbackUrl(deps, gateway),
      page: pageUrl(deps, paymentNo, locale),
      browserReturn: browserReturnUrl(deps, gateway, paymentNo, locale),
    },
  };
}
