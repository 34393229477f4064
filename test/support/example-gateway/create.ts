import type { NextStep } from '../../../src/core/attempt.ts';
import { minorToMajor } from '../../../src/core/money.ts';
import { type CreateInput, type GatewayContext, GatewayRefusal } from '../../../src/gateways/gateway.ts';
import { callExample, readOrder } from './wire.ts';

export async function createOrder(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const { amount, currency } = input.payment;
  const fields = {
    amount: String(minorToMajor(amount, currency)),
    notify_url: ctx.urls.callback,
    return_url: ctx.urls.browserReturn,
  };
  const answer = await callExample({ path: '/v1/orders', fields, timeoutMs: 30_000 }, input, ctx);
  if (answer.status === 200) return readOrder(answer.fields, input);
  const { code, message } = answer.fields;
  throw new GatewayRefusal('GATEWAY_REQUEST_REJECTED', String(code), String(message));
}
