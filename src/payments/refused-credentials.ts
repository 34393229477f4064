import type { Attempt } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import { taipeiDay } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { GatewayRefusal } from '../gateways/gateway.ts';

const MAX_REASON = 200;

/** A gateway that does not take the credentials: until somebody mends them nobody can pay by it. Told once a day of each set. */
export async function tellOfRefusedCredentials(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  payment: Pick<Payment, 'projectId' | 'livemode'>,
  { gateway, credentialId }: Pick<Attempt, 'gateway' | 'credentialId'>,
  error: unknown,
): Promise<void> {
  if (!(error instanceof GatewayRefusal) || error.about !== 'account') return;
  const now = clock.now();
  const reason = `${error.gatewayCode} ${error.message}`.trim().slice(0, MAX_REASON);
  await store.raiseAlert(
    {
      kind: 'credentials_refused',
      about: `${credentialId} ${taipeiDay(now)}`,
      projectId: payment.projectId,
      data: { gateway, livemode: payment.livemode, reason },
    },
    now,
  );
}
