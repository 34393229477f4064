import type { ErrorRef } from '../../core/errors.ts';
import type { Environment } from '../../core/payment.ts';
import { type GatewayContext, GatewayForbidden, GatewayGarbage, GatewayRefusal, type Secrets } from '../gateway.ts';
import { openData, sealData } from './cipher.ts';
import { prepareFields } from './text.ts';

/**
 * One call to an ECPay JSON service: sealed request, sealed answer. Source: ECPay developer documentation, pages 27950
 * and 9053: `TransCode` says whether the envelope was read, `RtnCode` inside whether the call succeeded.
 */
export interface EnvelopeCall {
  readonly service: 'ecpayment' | 'ecpg';
  readonly path: string;
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly data: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** Code of our table for an ECPay that says no. */
  readonly refusal: ErrorRef;
}

/**
 * Resolves with the opened `Data`. Throws GatewayRefusal when ECPay did not take the envelope, GatewayGarbage when the
 * answer cannot be read or believed, GatewayCallError when there was none.
 */
export async function callEnvelope(
  call: EnvelopeCall,
  ctx: GatewayContext,
): Promise<Readonly<Record<string, unknown>>> {
  const merchantId = call.secrets.platform_id ?? call.secrets.merchant_id ?? '';
  const response = await ctx.http.post(`${ctx.originOf(call.service, call.environment)}${call.path}`, {
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      MerchantID: merchantId,
      RqHeader: { Timestamp: Math.floor(ctx.now / 1000) },
      Data: sealData(prepareFields(call.data), call.secrets),
    }),
    timeoutMs: call.timeoutMs,
  });
  if (response.status === 403) throw new GatewayForbidden('ECPay answers 403: too many queries');
  if (response.status !== 200) throw new GatewayGarbage(`ECPay answered HTTP ${response.status}, expected 200`);
  const answer = readJsonObject(response.body);
  if (!answer) throw new GatewayGarbage('ECPay’s answer is not a JSON object');
  if (textOf(answer.TransCode) !== '1') {
    if (!isScalar(answer.TransCode)) throw new GatewayGarbage('ECPay’s answer has no TransCode');
    throw new GatewayRefusal(call.refusal, String(answer.TransCode), textOf(answer.TransMsg));
  }
  const data = typeof answer.Data === 'string' ? openData(answer.Data, call.secrets) : null;
  if (!data) throw new GatewayGarbage('the Data of ECPay’s answer cannot be opened with these keys');
  return data;
}

export function readJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

export function isScalar(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** ECPay's fields are strings in one product and numbers in another (MerchantID, TradeAmt, RtnCode). */
export function textOf(value: unknown): string {
  return isScalar(value) ? String(value) : '';
}

/** An object inside an answer; an empty one when it is null or missing, which ECPay uses for "not this method". */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
