import type { Fact } from '../../core/attempt.ts';
import { type GatewayContext, GatewayGarbage, type QueryInput, type QueryResult } from '../gateway.ts';
import { type Answer, callPlus, readAnswer, readMoney, readTradeNo, requireOurs, textOf } from './wire.ts';

const TIMEOUT_MS = 15_000;

/** What `status` of an order says when it is paid, in callbacks as well. */
export const PAID_STATUSES: readonly string[] = ['1', 'paid', 'success'];

/** Asks PLUS what became of an order. */
export async function queryOrder(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const { secrets, environment, gatewayOrderNo } = input;
  const text = await callPlus(
    { path: '/api/query', environment, secrets, fields: { order_no: gatewayOrderNo }, timeoutMs: TIMEOUT_MS },
    ctx,
  );
  const answer = readAnswer(text, 'order');
  if (answer.verdict !== 'refused') return { type: 'facts', facts: readFacts(answer, input) };
  // The contract has no code for an unknown order. PLUS knows a number whose account it has issued, so there a refusal
  // is about the question; where no account ever came, the order most likely is not there.
  if (!input.hasInstructions) return { type: 'not_found' };
  throw new GatewayGarbage(`PLUS did not take the query: ${answer.code} ${answer.message}`);
}

function readFacts({ fields, isFlat }: Answer, input: QueryInput): readonly Fact[] {
  const status = textOf(fields.status);
  if (status === '') throw new GatewayGarbage('PLUS’s answer has no status');
  // Beside the code this may be the call's success as well as the order's: no proof of money.
  if (isFlat && (status === 'success' || status === 'ok')) {
    throw new GatewayGarbage('PLUS’s answer does not say whether its status is that of the order');
  }
  requireOurs(fields, input);
  if (!PAID_STATUSES.includes(status)) return [];
  const amount = readMoney(fields.money);
  if (amount === null) throw new GatewayGarbage('PLUS’s answer has no money that can be read');
  return [{ type: 'paid', amount, currency: 'TWD', simulated: false, ...readTradeNo(fields) }];
}
