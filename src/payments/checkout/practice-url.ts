import { type Attempt, isAlive } from '../../core/attempt.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import { findSimulator } from '../../core/practice.ts';
import type { Deps } from '../../deps.ts';
import { requireCredential } from '../projects/credentials.ts';
import { hasOrigins, originOf, pageUrl } from '../urls.ts';

/** Where the order of this attempt can be paid by a press, and the payer comes back from; null: nothing is simulated. */
export async function buildPracticeUrl(
  deps: Deps,
  payment: Payment,
  attempt: Attempt | null,
  locale: Locale,
): Promise<string | null> {
  const { origin, standIn = null } = deps.practice;
  const simulators = { builtIn: origin(), standIn };
  if (payment.status !== 'pending' || !attempt || !isAtGateway(attempt)) return null;
  if (simulators.builtIn === null && standIn === null) return null;
  const gateway = deps.gateways.find(attempt.gateway);
  if (!gateway) return null;
  const { environment } = await requireCredential(deps, attempt);
  if (!hasOrigins(deps, gateway, environment)) return null;
  const origins = Object.keys(gateway.services).map((service) => originOf(deps, gateway.id, service, environment));
  const simulator = findSimulator({ livemode: payment.livemode, environment, origins }, simulators);
  if (simulator === null) return null;
  const order = encodeURIComponent(attempt.gatewayTradeNo ?? attempt.gatewayOrderNo);
  const query = new URLSearchParams({ gateway: gateway.id, back: pageUrl(deps, payment.paymentNo, locale) });
  return `${simulator}/simulator/orders/${order}/page?${query}`;
}

/** What the payer's browser has still to carry there cannot be paid there yet. */
function isAtGateway(attempt: Attempt): boolean {
  return isAlive(attempt) && (attempt.instructions !== null || attempt.gatewayTradeNo !== null);
}
