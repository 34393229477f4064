import type { CredentialTest } from '../gateway.ts';
import { takeToken } from './token.ts';

/** Fetches an access token, a new one whatever is held. Source: PayPal REST APIs, "Authentication". */
export const testCredentials: CredentialTest = async (secrets, environment, ctx) => {
  await takeToken({ secrets, environment }, { ...ctx, memory: new Map() });
  const webhook =
    secrets.webhook_id === undefined
      ? 'There is no webhook_id: a webhook then only makes PayCore ask PayPal.'
      : 'The webhook_id was not tested.';
  return {
    ok: true,
    message: `PayPal (${environment}) gave an access token for client_id and client_secret. ${webhook}`,
  };
};
