import { PayCoreError } from '../../core/errors.ts';
import { type Environment, UNCHOSEN } from '../../core/payment.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { NewPayment } from '../../store/commands/open-payment.ts';
import type { Caller } from '../caller.ts';
import { serializePayment } from '../serialize.ts';
import type { Created } from './payment.ts';
import { type CreateRequest, readCheckoutRequest } from './request.ts';

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
  const request = readCheckoutRequest(body, { ...deps, settings });
  const { amount, currency } = request;
  const planned = planCheckout(deps, caller, request);
  const origin = { by: { type: 'api_key', id: caller.keyId } } as const;
  const { payment, attempt, created } = await deps.store.openPayment({ ...planned, origin }, null);
  const same =
    payment.isCheckout && payment.status === 'pending' && payment.amount === amount && payment.currency === currency;
  if (!created && !same) throw new PayCoreError('ORDER_CONFLICT', { details: { payment_no: payment.paymentNo } });
  return { created, data: { ...serializePayment(deps, payment, attempt), created } };
}

/** A payment about to be opened, whose payer will choose. */
export function planCheckout(
  deps: Pick<Deps, 'clock'>,
  { projectId, kind }: Pick<Caller, 'projectId' | 'kind'>,
  request: CreateRequest,
): NewPayment {
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
    credentialId: null,
    isCheckout: true,
    closeAt: now + (expireDays === undefined ? LIFETIME : expireDays * DAY),
    now,
  };
}
