import { openText } from './ecpay/envelope.ts';
import { effects, isSilent } from './effects.ts';
import type { Gateway } from './gateways.ts';
import { answerText, isRecord, parseForm } from './http.ts';
import { findStand } from './stands.ts';
import type { Call, Route, World } from './world.ts';

/** Whom a call is from and which order it is about, as far as the body tells without being checked. */
export interface Caller {
  readonly merchantId: string;
  readonly merchantTradeNo: string;
}

const NAME_LENGTH = 40;

function clip(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, NAME_LENGTH) : '';
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function readSealedCaller(body: string, world: World): Caller {
  const envelope = parse(body);
  const merchantId = clip(envelope.MerchantID);
  const account = world.ledger.account(merchantId);
  const data = account ? parse(openText(clipData(envelope.Data), account) ?? '') : {};
  const info = isRecord(data.OrderInfo) ? data.OrderInfo : {};
  return { merchantId, merchantTradeNo: clip(data.MerchantTradeNo) || clip(info.MerchantTradeNo) };
}

function clipData(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readFormCaller(body: string): Caller {
  const form = Object.fromEntries(parseForm(body) ?? []);
  return { merchantId: clip(form.MerchantID), merchantTradeNo: clip(form.MerchantTradeNo) };
}

function readCaller(call: Call, gateway: Gateway): Caller {
  const stand = gateway.stand === undefined ? undefined : findStand(gateway.stand);
  if (stand) {
    const { merchantId, orderNo } = stand.readCaller(call);
    return { merchantId: clip(merchantId), merchantTradeNo: clip(orderNo) };
  }
  return gateway.shape === 'sealed' ? readSealedCaller(call.body, call.world) : readFormCaller(call.body);
}

/** Whoever is unknown is not counted: made-up numbers would fill the memory. */
function isTooMany(gateway: Gateway, caller: Caller, world: World): boolean {
  if (gateway.isQuery !== true || !world.ledger.account(caller.merchantId)) return false;
  return !world.limiter.admit(caller.merchantId, world.now());
}

/** Every gateway call goes through here: it is written down, counted, and fails when it was told to. */
export async function passGate(call: Call, route: Route, gateway: Gateway): Promise<Response> {
  const { world } = call;
  const caller = readCaller(call, gateway);
  const fault = world.faults.take(gateway);
  const close = world.requests.open({ at: world.now(), route: gateway.name, ...caller, fault: fault?.kind ?? null });
  let status: number | null = 500;
  try {
    const answer = async () => route.answer(call);
    if (fault) {
      const response = await effects[fault.kind]({ call, gateway, caller, fault, answer });
      status = isSilent(fault.kind) ? null : response.status;
      return response;
    }
    const response = isTooMany(gateway, caller, world) ? answerText('403 Forbidden', 403) : await answer();
    status = response.status;
    return response;
  } finally {
    close(status);
  }
}
