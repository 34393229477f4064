import type { Attempt } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { InSite, Method } from '../../gateways/gateway.ts';
import { loadSubject, makeCreateInput } from '../subject.ts';
import { gatewayContext } from '../urls.ts';

/** What a gateway is called with for a payment in our own page. */

export function requireInSite(
  deps: Pick<Deps, 'gateways'>,
  payment: Payment,
): { readonly inSite: InSite; readonly method: Method } {
  const { gateway, method } = deps.gateways.methodOf(payment);
  if (!gateway.inSite || !method.inSite) throw new PayCoreError('PAYMENT_NOT_PAYABLE');
  return { inSite: gateway.inSite, method };
}

export function notPayable(payment: Payment): PayCoreError {
  return new PayCoreError('PAYMENT_NOT_PAYABLE', { details: { payment_no: payment.paymentNo } });
}

export async function prepareCall(deps: Deps, payment: Payment, attempt: Attempt, locale: Locale) {
  const subject = await loadSubject(deps, payment, attempt);
  const ctx = gatewayContext(deps, {
    gateway: payment.gateway,
    paymentNo: payment.paymentNo,
    gatewayOrderNo: attempt.gatewayOrderNo,
    locale,
    now: deps.clock.now(),
  });
  return { input: { ...makeCreateInput(deps, subject), locale }, ctx };
}
