import { majorToMinor } from '../../core/money.ts';
import { type GatewayContext, GatewayGarbage, type QueryInput, type QueryResult } from '../gateway.ts';
import { type Answer, MAX_ANSWER, readAnswer } from './answer.ts';
import { isCredentialStatus, isStatus, KNOWN } from './statuses.ts';

const TIMEOUT_MS = 15_000;

/**
 * Asks whether an order is paid (roturl.asp, types=xml). Status says only that the order is known; it is paid when an
 * amount was received as well. SmilePay never says that it does not know one. No document of this answer is public, so
 * its elements are read by name, wherever they stand.
 */
export async function queryOrder(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const { secrets, gatewayOrderNo, tradeNo } = input;
  const parameters = new URLSearchParams({
    Dcvc: secrets.dcvc ?? '',
    Rvg2c: secrets.rvg2c ?? '',
    Data_id: gatewayOrderNo,
    ...(tradeNo === null ? {} : { Smseid: tradeNo }),
    types: 'xml',
  });
  const response = await ctx.http.get(`${ctx.originOf('api', input.environment)}/ezpos/roturl.asp?${parameters}`, {
    headers: { accept: 'text/xml' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER,
  });
  return readResult(readAnswer(response), input);
}

function readResult(answer: Answer, input: QueryInput): QueryResult {
  const status = answer.get('status') ?? '';
  if (!isStatus(status)) throw new GatewayGarbage('SmilePay’s answer has no Status');
  if (isCredentialStatus(status)) {
    throw new GatewayGarbage(`SmilePay did not take the query: ${status} ${answer.get('desc') ?? ''}`);
  }
  const amount = answer.get('amount');
  if (amount === undefined || !/^\d{0,9}$/.test(amount)) throw new GatewayGarbage('SmilePay’s answer has no Amount');
  requireOurs(answer, input);
  if (status !== KNOWN || Number(amount) === 0) return { type: 'facts', facts: [] };
  const paid = { amount: majorToMinor(Number(amount), 'TWD'), currency: 'TWD', simulated: false };
  return { type: 'facts', facts: [{ type: 'paid', ...paid }] };
}

/** Nothing of this is promised to be in the answer; what is must not be somebody else’s. */
function requireOurs(answer: Answer, { secrets, gatewayOrderNo, tradeNo }: QueryInput): void {
  const asked = { dcvc: secrets.dcvc ?? '', data_id: gatewayOrderNo, smilepayno: tradeNo, smseid: tradeNo };
  for (const [name, wanted] of Object.entries(asked)) {
    const told = answer.get(name) ?? '';
    if (told !== '' && wanted !== null && told !== wanted)
      throw new GatewayGarbage('SmilePay’s answer is about another order');
  }
}
