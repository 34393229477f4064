import type { Fact } from '../../core/attempt.ts';
import { type GatewayContext, GatewayGarbage, type QueryInput, type QueryResult } from '../gateway.ts';
import { askPaypal, isDone, type PaypalAnswer, readProblem } from './client.ts';
import { objectOf, textOf } from './json.ts';
import { ORDER_ID, type PaypalOrder, readFacts, readOrder, requireAmount } from './order.ts';

/**
 * Looking at an order and, once the payer has approved it, capturing it (PayPal Orders v2, show order details and
 * capture payment). Every look begins with the order as it is, so a capture whose answer was lost is found, not repeated.
 */
const TIMEOUT_MS = 15_000;
/** The payer's bank may be asked on the way. */
const CAPTURE_TIMEOUT_MS = 30_000;

export async function queryOrder(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const { tradeNo } = input;
  if (tradeNo === null || !ORDER_ID.test(tradeNo)) return { type: 'not_found' };
  const order = await showOrder(input, tradeNo, ctx);
  if (!order) return { type: 'not_found' };
  const facts = readFacts(order);
  if (facts) return { type: 'facts', facts };
  requireAmount(order, input.payment);
  // Taking it now would charge a payer for what was cancelled, has run out, or was or is being paid another way.
  if (!(await input.beginCapture())) return { type: 'facts', facts: [] };
  return { type: 'facts', facts: await capture(input, order, ctx) };
}

/** Null when PayPal does not know it: after three hours it drops what nobody captured, and new ones it may not know yet. */
export async function showOrder(
  { environment, secrets, payment }: Pick<QueryInput, 'environment' | 'secrets' | 'payment'>,
  id: string,
  ctx: GatewayContext,
): Promise<PaypalOrder | null> {
  const path = `/v2/checkout/orders/${id}`;
  const answer = await askPaypal({ environment, secrets, path, timeoutMs: TIMEOUT_MS }, ctx);
  if (answer.status === 404) return null;
  if (!isDone(answer)) throw garbageOf(answer);
  return readOrder(answer.body, payment, id);
}

async function capture(input: QueryInput, order: PaypalOrder, ctx: GatewayContext): Promise<readonly Fact[]> {
  const answer = await askPaypal(
    {
      environment: input.environment,
      secrets: input.secrets,
      path: `/v2/checkout/orders/${order.id}/capture`,
      body: '{}',
      // A refusal stays bound to its id, so the payer's next try needs another.
      requestId: `${input.gatewayOrderNo}-C${input.declines}`,
      timeoutMs: CAPTURE_TIMEOUT_MS,
    },
    ctx,
  );
  if (isDone(answer)) return readCaptured(readOrder(answer.body, input.payment, order.id));
  if (answer.status !== 422) throw garbageOf(answer);
  return readRefusal(answer, input, order.id, ctx);
}

function readCaptured(order: PaypalOrder): readonly Fact[] {
  const facts = order.capture && readFacts(order);
  if (!facts) throw new GatewayGarbage('PayPal’s answer to a capture has none');
  // What PayPal waits for may be the merchant, e.g. for a currency that he does not hold.
  const reason = textOf(objectOf(order.capture?.status_details).reason);
  const isPending = facts.some(({ type }) => type === 'under_review');
  return isPending && reason !== ''
    ? [{ type: 'note', code: reason, message: 'PayPal holds the payment back.' }, ...facts]
    : facts;
}

/** The payer goes back to PayPal and chooses another way to pay; the order stays open. */
const PAYERS_TURN = new Set(['INSTRUMENT_DECLINED', 'PAYER_ACTION_REQUIRED', 'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING']);

async function readRefusal(
  answer: PaypalAnswer,
  input: QueryInput,
  id: string,
  ctx: GatewayContext,
): Promise<readonly Fact[]> {
  const { code, message } = readProblem(answer);
  if (code === 'ORDER_ALREADY_CAPTURED') return findCaptured(input, id, ctx);
  // The approval may reach us before it has reached all of PayPal: whoever told of it has to come again.
  if (code === 'ORDER_NOT_APPROVED') throw garbageOf(answer);
  const declined: Fact = { type: 'declined', code, message };
  return PAYERS_TURN.has(code) ? [declined] : [declined, { type: 'ended', reason: 'GATEWAY_REFUSED', code, message }];
}

/** Somebody was faster; what became of it is in the order. */
async function findCaptured(input: QueryInput, id: string, ctx: GatewayContext): Promise<readonly Fact[]> {
  const order = await showOrder(input, id, ctx).catch(denyIdle);
  const facts = order?.capture ? readFacts(order) : null;
  if (!facts) throw new GatewayGarbage('PayPal says that the order is captured and does not show how');
  return facts;
}

/** Nobody may take it for a call that did nothing: the money is taken, and how is not known yet. */
function denyIdle(error: unknown): never {
  const reason = error instanceof Error ? error.message : '';
  throw new GatewayGarbage(`PayPal says that the order is captured, and could not be asked how: ${reason}`);
}

function garbageOf(answer: PaypalAnswer): GatewayGarbage {
  const { code, message } = readProblem(answer);
  return new GatewayGarbage(`PayPal answered HTTP ${answer.status} ${code}: ${message}`);
}
