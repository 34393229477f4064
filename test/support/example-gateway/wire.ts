import type { Fact } from '../../../src/core/attempt.ts';
import { isPlainObject, isWebUrl } from '../../../src/core/fields.ts';
import { minorToMajor } from '../../../src/core/money.ts';
import { formatInstant } from '../../../src/core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage } from '../../../src/gateways/gateway.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** What creating and asking have in common. */
export type Asked = Pick<CreateInput, 'payment' | 'gatewayOrderNo' | 'secrets' | 'deadline'>;

/** Example Pay answers 200, 404 for an order it does not know, 422 for one it does not want. */
const KNOWN_STATUSES: readonly number[] = [200, 404, 422];

/** A form there, JSON back. Throws GatewayGarbage, or GatewayCallError when there was no answer. */
export async function callExample(
  call: { readonly path: string; readonly fields: Readonly<Record<string, string>>; readonly timeoutMs: number },
  { payment, gatewayOrderNo, secrets }: Asked,
  ctx: GatewayContext,
): Promise<{ readonly status: number; readonly fields: Fields }> {
  const { shop = '', secret = '' } = secrets;
  const { status, body } = await ctx.http.post(ctx.originOf('api', payment.environment) + call.path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${secret}` },
    body: new URLSearchParams({ shop, order: gatewayOrderNo, ...call.fields }).toString(),
    timeoutMs: call.timeoutMs,
  });
  const fields = readObject(body);
  if (!fields || !KNOWN_STATUSES.includes(status)) throw new GatewayGarbage(`Example Pay answered HTTP ${status}`);
  return { status, fields };
}

export function readObject(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isPlainObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The order in an answer, once it is sure that it is the one that was asked about. */
export function readOrder({ id, order, amount, url }: Fields, asked: Asked): Extract<Fact, { type: 'instructions' }> {
  const { payment, gatewayOrderNo, deadline } = asked;
  const isOurs = order === gatewayOrderNo && amount === minorToMajor(payment.amount, payment.currency);
  if (!isOurs || typeof id !== 'string' || typeof url !== 'string' || !isWebUrl(url)) {
    throw new GatewayGarbage('Example Pay’s answer is not about this order');
  }
  return {
    type: 'instructions',
    instructions: { type: 'redirect', url, expireAt: formatInstant(deadline) },
    tradeNo: id,
  };
}
