import { parseForm } from '../http.ts';
import type { Call } from '../world.ts';
import { findAccount, issueToken } from './accounts.ts';
import { answerApi } from './errors.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const fieldNames: readonly string[] = ['grant_type', 'scope', 'response_type', 'ignoreCache'];
const SCOPE = 'https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/applications/webhooks';
const APP_ID = 'APP-SIMULATOR';
const NONCE_BYTES = 24;

interface TokenFault {
  readonly status: number;
  readonly error: string;
  readonly error_description: string;
}

const badClient: TokenFault = {
  status: 401,
  error: 'invalid_client',
  error_description: 'Client Authentication failed',
};

function findFault(call: Call): TokenFault | null {
  const pairs = call.contentType === FORM_TYPE ? (parseForm(call.body) ?? []) : [];
  const names = pairs.map(([name]) => name);
  const grant = pairs.find(([name]) => name === 'grant_type')?.[1];
  if (grant === undefined || grant === '') {
    return { status: 400, error: 'unsupported_grant_type', error_description: 'Grant Type is NULL' };
  }
  if (grant !== 'client_credentials') {
    return { status: 400, error: 'unsupported_grant_type', error_description: 'unsupported grant_type' };
  }
  const isClean = names.every((name) => fieldNames.includes(name)) && new Set(names).size === names.length;
  return isClean ? null : { status: 400, error: 'invalid_request', error_description: 'unknown or repeated field' };
}

/** `POST /v1/oauth2/token`. Its errors have a form of their own. */
export function grantToken(call: Call): Response {
  const { world } = call;
  const account = findAccount(call);
  const fault = account ? findFault(call) : badClient;
  if (!account || fault) {
    const { status, ...body } = fault ?? badClient;
    return answerApi(world, body, status);
  }
  const { token, expiresIn } = issueToken(world, account);
  return answerApi(world, {
    scope: SCOPE,
    access_token: token,
    token_type: 'Bearer',
    app_id: APP_ID,
    expires_in: expiresIn,
    nonce: `${new Date(world.now()).toISOString()}${Buffer.from(world.random(NONCE_BYTES)).toString('base64url')}`,
  });
}
