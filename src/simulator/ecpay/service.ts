import { answerJson, isRecord } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';
import type { World } from '../world.ts';
import { openText, seal } from './envelope.ts';

/** Requests older than this are refused (ECPay developer docs p=27995). */
const TIMESTAMP_WINDOW_S = 10 * 60;

export interface OpenedRequest {
  readonly account: SimulatorAccount;
  readonly data: Record<string, unknown>;
}

interface Refused {
  readonly response: Response;
}

function answerEnvelope(merchantId: string, code: number, message: string, data: string, now: number): Response {
  const RpHeader = { Timestamp: Math.floor(now / 1000) };
  return answerJson({ MerchantID: merchantId, RpHeader, TransCode: code, TransMsg: message, Data: data });
}

export function answerSealed(data: unknown, account: SimulatorAccount, now: number): Response {
  return answerEnvelope(account.merchantId, 1, 'Success!', seal(data, account), now);
}

/** Keys that do not fit: ECPay names neither the merchant nor a reason, as recorded on its stage. */
function refuseKeys(now: number): Refused {
  return { response: answerEnvelope('', 128, 'System exception', '', now) };
}

function refuse(merchantId: string, message: string, now: number): Refused {
  return { response: answerEnvelope(merchantId, 999, message, '', now) };
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function findEnvelopeFault(envelope: Record<string, unknown>, now: number): string | null {
  const { MerchantID, RqHeader, Data, ...rest } = envelope;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `Parameter Error. ${unknown}`;
  if (typeof MerchantID !== 'string' || MerchantID === '' || MerchantID.length > 10)
    return 'Parameter Error. MerchantID';
  if (!isRecord(RqHeader) || Object.keys(RqHeader).some((name) => name !== 'Timestamp'))
    return 'Parameter Error. RqHeader';
  const { Timestamp } = RqHeader;
  if (typeof Timestamp !== 'number' || !Number.isInteger(Timestamp)) return 'Parameter Error. Timestamp';
  if (Math.abs(now / 1000 - Timestamp) > TIMESTAMP_WINDOW_S) return 'Timestamp is out of range';
  return typeof Data === 'string' && Data !== '' ? null : 'Parameter Error. Data';
}

/** Checks the envelope of a JSON service and opens its data; otherwise the answer that refuses it. */
export function openRequest(body: string, contentType: string, world: World): OpenedRequest | Refused {
  const now = world.now();
  const envelope = contentType === 'application/json' ? parseRecord(body) : null;
  if (!envelope) return refuse('', 'The parameter format error', now);
  const merchantId = typeof envelope.MerchantID === 'string' ? envelope.MerchantID : '';
  const fault = findEnvelopeFault(envelope, now);
  if (fault) return refuse(merchantId, fault, now);
  const account = world.ledger.account(merchantId);
  if (!account) return refuseKeys(now);
  const text = openText(String(envelope.Data), account);
  const data = text === null ? null : parseRecord(text);
  if (!data) return refuseKeys(now);
  // The number stands outside and inside; two different ones mean mixed-up accounts.
  return data.MerchantID === merchantId ? { account, data } : refuse(merchantId, 'Parameter Error. MerchantID', now);
}
