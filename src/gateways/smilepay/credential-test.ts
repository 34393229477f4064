import { type CredentialTest, GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import { MAX_ANSWER, readAnswer } from './answer.ts';
import { errors } from './errors.ts';
import { isCredentialStatus, isStatus } from './statuses.ts';

const TIMEOUT_MS = 15_000;

/**
 * SmilePay has no call that only tests. Asked for a number without way to pay and amount it can issue none, and says what
 * is wrong first: with luck the credentials. When it complains of the rest, they may be right, no more.
 */
export const testCredentials: CredentialTest = async (secrets, environment, ctx) => {
  const { dcvc = '', rvg2c = '', verify_key = '' } = secrets;
  const response = await ctx.http.post(`${ctx.originOf('api', environment)}/api/SPPayment.asp`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/xml' },
    body: new URLSearchParams({ Dcvc: dcvc, Rvg2c: rvg2c, Verify_key: verify_key }).toString(),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER,
  });
  const answer = readAnswer(response, 'smilepay');
  const status = answer.get('status') ?? '';
  if (!isStatus(status)) throw new GatewayGarbage('SmilePay’s answer has no Status');
  if (isCredentialStatus(status)) {
    throw new GatewayRefusal(errors.SMILEPAY_CREDENTIAL_INVALID, status, answer.get('desc') ?? '', 'account');
  }
  return {
    ok: true,
    message: `SmilePay did not complain of these credentials in a request that lacks everything else (Status ${status}). That is all it lets one test: the first payment proves them.`,
  };
};
