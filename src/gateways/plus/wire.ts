import { isPlainObject } from '../../core/fields.ts';
import { majorToMinor } from '../../core/money.ts';
import type { Environment } from '../../core/payment.ts';
import { type GatewayContext, GatewayForbidden, GatewayGarbage, type Secrets } from '../gateway.ts';
import { signFields, variantOf } from './signature.ts';

/**
 * One call to PLUS: a signed form there, JSON back. PLUS publishes no documents; this is the contract that PayCore
 * documents, put together from gateways of the same kind and unverified against the vendor.
 */
export interface PlusCall {
  readonly path: '/api/atm' | '/api/query' | '/api/balance';
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly fields: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Resolves with the text of the answer. `appid`, `timestamp` and `sign` are added here. Throws GatewayGarbage,
 * GatewayForbidden or GatewayCallError.
 */
export async function callPlus(call: PlusCall, ctx: GatewayContext): Promise<string> {
  const { appid = '', secret_key = '' } = call.secrets;
  const fields = { appid, ...call.fields, timestamp: String(Math.floor(ctx.now / 1000)) };
  const response = await ctx.http.post(ctx.originOf('api', call.environment) + call.path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(signFields(fields, secret_key, variantOf(ctx))).toString(),
    timeoutMs: call.timeoutMs,
  });
  if (response.status === 429) throw new GatewayForbidden('PLUS answers 429: too many calls');
  if (response.status !== 200) throw new GatewayGarbage(`PLUS answered HTTP ${response.status}, expected 200`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(response.body);
  } catch {
    throw new GatewayGarbage('PLUS’s answer is not UTF-8');
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** An answer taken apart: what PLUS says about the call, and the fields it is about. */
export interface Answer {
  /** `silent`: neither code nor status. A flat answer's status may be the order's instead of the call's. */
  readonly verdict: 'accepted' | 'refused' | 'silent';
  readonly code: string;
  readonly message: string;
  /** Under `data`, or flat beside the code. */
  readonly fields: Fields;
  readonly isFlat: boolean;
}

const OK_CODES: readonly string[] = ['0', '1', '200', 'success'];
const OK_STATUSES: readonly string[] = ['ok', 'success'];

/** `about`: whether a flat answer's `status` is that of the call or that of the order. Throws GatewayGarbage. */
export function readAnswer(text: string, about: 'call' | 'order'): Answer {
  const top = parseObject(text);
  const isFlat = !isPlainObject(top.data);
  const code = textOf(top.code);
  const status = isFlat && about === 'order' ? '' : textOf(top.status);
  const accepted = OK_CODES.includes(code) || OK_STATUSES.includes(status);
  const said = code !== '' || status !== '';
  return {
    verdict: accepted ? 'accepted' : said ? 'refused' : 'silent',
    code: code || status,
    message: textOf(top.message),
    fields: isPlainObject(top.data) ? top.data : top,
    isFlat,
  };
}

function parseObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isPlainObject(value)) return value;
  } catch {
    // Told below, as any other answer that is no object.
  }
  throw new GatewayGarbage('PLUS’s answer is not a JSON object');
}

/** Numbers come as numbers or text. Anything else is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : '';
}

/** Whole TWD in minor units; null for anything else. */
export function readMoney(value: unknown): number | null {
  const [, whole] = /^(\d{1,12})(?:\.0{1,2})?$/.exec(textOf(value)) ?? [];
  return whole === undefined ? null : majorToMinor(Number(whole), 'TWD');
}

export interface Asked {
  readonly secrets: Secrets;
  readonly gatewayOrderNo: string;
  readonly tradeNo: string | null;
}

/** An answer may leave out what it is about; what it names must be what was asked. Throws GatewayGarbage. */
export function requireOurs(fields: Fields, { secrets, gatewayOrderNo, tradeNo }: Asked): void {
  const differs = (name: string, ours: string | null | undefined) =>
    ours && textOf(fields[name]) !== '' && textOf(fields[name]) !== ours;
  const foreign = differs('appid', secrets.appid) || differs('order_no', gatewayOrderNo) || differs('plat_no', tradeNo);
  if (foreign) throw new GatewayGarbage('PLUS’s answer is about another order');
}

/** PLUS's number of an order. */
const PLAT_NO = /^[\x21-\x7e]{1,64}$/;

/** `{tradeNo}` where there is one, for facts. */
export function readTradeNo(fields: Fields): { readonly tradeNo?: string } {
  const tradeNo = textOf(fields.plat_no);
  return PLAT_NO.test(tradeNo) ? { tradeNo } : {};
}
