import type { Environment } from '../../core/payment.ts';
import { type CredentialTest, type GatewayContext, GatewayGarbage, type Secrets } from '../gateway.ts';
import { callStripe } from './client.ts';
import { refuseWith, StripeRefusal } from './failure.ts';
import { objectOf } from './json.ts';

const TIMEOUT_MS = 15_000;

/** Reads the account's balance, which changes nothing. Source: Stripe API reference, "Retrieve balance". */
export const testCredentials: CredentialTest = async (secrets, environment, ctx) => {
  const { object, livemode } = objectOf(await readBalance(secrets, environment, ctx));
  if (object !== 'balance') throw new GatewayGarbage('Stripe’s answer is no balance');
  if (livemode !== (environment === 'production')) throw new GatewayGarbage('Stripe’s answer is of the other mode');
  const tested = 'publishable_key and webhook_secret cannot be tested this way.';
  return {
    ok: true,
    message: `Stripe (${environment}) showed the balance of the account to the secret_key; ${tested}`,
  };
};

async function readBalance(secrets: Secrets, environment: Environment, ctx: GatewayContext): Promise<unknown> {
  try {
    return await callStripe({ environment, secrets, timeoutMs: TIMEOUT_MS }, ctx, (stripe) =>
      stripe.balance.retrieve(),
    );
  } catch (error) {
    throw error instanceof StripeRefusal ? refuseWith(error, 'GATEWAY_ACTION_FAILED') : error;
  }
}
