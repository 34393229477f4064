import type { CredentialTest } from '../gateway.ts';
import { balance } from './balance.ts';

/** Asks for the balance. */
export const testCredentials: CredentialTest = async (secrets, _environment, ctx) => {
  const answer = await balance.run(secrets, ctx);
  return answer.balance === null
    ? {
        ok: false,
        isInconclusive: true,
        message: 'PLUS answered, but named no balance: nothing is known about the credentials.',
      }
    : { ok: true, message: 'PLUS named the balance of the account.' };
};
