import type { Fact } from '../../core/attempt.ts';
import { isClosedLocally, type SyncTrigger } from '../../core/lifecycle/sync.ts';
import type { Deps } from '../../deps.ts';
import { type GatewayContext, GatewayRefusal, type QueryInput, type QueryResult } from '../../gateways/gateway.ts';
import { openStep } from '../create/gateway-call.ts';
import { type CallSubject, makeContext, makeQueryInput } from '../subject.ts';

/** What a gateway is asked about an attempt. */

/** A call whose answer was lost is made again where that is safe; anything else is asked about. Null: neither can be. */
export function buildQuery(
  deps: Deps,
  call: CallSubject,
  trigger: SyncTrigger,
  beginCapture: () => Promise<boolean>,
): (() => Promise<QueryResult>) | null {
  const { gateway, attempt, payment } = call;
  const isLost = attempt.status === 'unknown' && attempt.gatewayTradeNo === null;
  if (isLost && gateway.settle === 'replay') return () => replay(deps, call);
  const { query } = gateway;
  const input = makeQueryInput(call, beginCapture);
  const ctx = makeContext(deps, payment, attempt);
  if (trigger === 'schedule' && isClosedLocally(attempt) && gateway.cancel)
    return () => cancelAtGateway(call, input, ctx).then((facts) => ({ type: 'facts', facts }));
  return query ? () => query(input, ctx) : null;
}

/** Ends an order at the gateway, or hears that it is paid. That it ended says nothing new. */
export async function cancelAtGateway(
  { gateway }: CallSubject,
  input: QueryInput,
  ctx: GatewayContext,
): Promise<readonly Fact[]> {
  const facts = (await gateway.cancel?.(input, ctx)) ?? [];
  return facts.filter(({ type }) => type !== 'ended');
}

/** The same request again: the gateway knows its key and answers as it did before, or does what it has not done yet. */
async function replay(deps: Deps, call: CallSubject): Promise<QueryResult> {
  try {
    const step = await openStep(deps, call);
    return { type: 'facts', facts: step.type === 'instructions' ? [step] : [] };
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || error.about === 'account') throw error;
    const { gatewayCode: code, message } = error;
    return { type: 'facts', facts: [{ type: 'ended', reason: 'GATEWAY_REFUSED', code, message }] };
  }
}
