import type { Fact } from '../../../src/core/attempt.ts';
import { majorToMinor } from '../../../src/core/money.ts';
import {
  type GatewayContext,
  GatewayGarbage,
  type QueryInput,
  type QueryResult,
} from '../../../src/gateways/gateway.ts';
import { callExample, type Fields, readOrder } from './wire.ts';

export async function queryOrder(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const { status, fields } = await callExample({ path: '/v1/orders/query', fields: {}, timeoutMs: 15_000 }, input, ctx);
  if (status === 404) return { type: 'not_found' };
  if (status !== 200) throw new GatewayGarbage('Example Pay did not take the query');
  const order = readOrder(fields, input);
  return { type: 'facts', facts: fields.state === 'paid' ? [order, readPaid(fields)] : [order] };
}

/** An amount that cannot be read is one that matches none. */
export function readPaid({ id, amount }: Fields): Fact {
  const whole = typeof amount === 'number' && Number.isSafeInteger(amount) ? amount : -1;
  return { type: 'paid', amount: majorToMinor(whole, 'TWD'), currency: 'TWD', tradeNo: String(id), simulated: false };
}
