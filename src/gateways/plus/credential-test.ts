import type { Environment } from '../../core/payment.ts';
import type { CredentialTestResult, GatewayContext, Secrets } from '../gateway.ts';
import { balance } from './balance.ts';

/** Asks for the balance. */
export async function testCredentials(
  secrets: Secrets,
  _environment: Environment,
  ctx: GatewayContext,
): Promise<CredentialTestResult> {
  const answer = await balance.run(secrets, ctx);
  return answer.balance === null
    ? { ok: false, message: 'PLUS answered, but named no balance: nothing is known about the credentials.' }
    : { ok: true, message: 'PLUS named the balance of the account.' };
}
