import { checkMacValue } from './ecpay/checksum.ts';
import { openText, seal } from './ecpay/envelope.ts';
import { codes, duplicateFault, type Fault as Refusal } from './ecpay/fields.ts';
import { answerSealed } from './ecpay/service.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Caller } from './gate.ts';
import type { Gateway } from './gateways.ts';
import { answerPage, answerText, isRecord } from './http.ts';
import type { SimulatorAccount } from './options.ts';
import { errorPage } from './pages/error.tsx';
import { brokenBody, halfBody, hugeBody, trickleBody } from './streams.ts';
import type { Call } from './world.ts';

export interface Scene {
  readonly call: Call;
  readonly gateway: Gateway;
  readonly caller: Caller;
  readonly fault: Fault;
  /** What would happen without the fault. */
  readonly answer: () => Promise<Response>;
}

type Effect = (scene: Scene) => Promise<Response> | Response;

const silentKinds: readonly FaultKind[] = ['hang', 'reset', 'lost'];
const STANDARD_SECONDS = { slow: 5, trickle: 60, clock: 11 * 60 } as const;
const HALF_PAUSE_MS = 20;

/** No answer reaches the client, so there is no status either. */
export function isSilent(kind: FaultKind): boolean {
  return silentKinds.includes(kind);
}

function breakOff({ call }: Scene): Response {
  call.world.abort(call.request);
  return new Response(brokenBody());
}

function secondsOf(fault: Fault, kind: keyof typeof STANDARD_SECONDS): number {
  return fault.seconds ?? STANDARD_SECONDS[kind];
}

async function refuse(scene: Scene, standard: Refusal): Promise<Response> {
  const { caller, fault, gateway } = scene;
  const { ledger, now } = scene.call.world;
  const code = fault.code ?? standard.code;
  const message = fault.message ?? standard.message;
  if (gateway.shape === 'page') return answerPage(errorPage({ code, message }));
  if (gateway.shape === 'form') return answerText(`${code}|${message}`);
  const account = ledger.account(caller.merchantId);
  if (!account) return scene.answer();
  const OrderInfo = { MerchantTradeNo: caller.merchantTradeNo };
  const refusal = { RtnCode: Number(code), RtnMsg: message, PlatformID: '', MerchantID: account.merchantId };
  return answerSealed({ ...refusal, OrderInfo, CustomField: null }, account, now());
}

/** The real answer with another body; streams say nothing of their length. */
function withBody(response: Response, body: BodyInit, extra: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return new Response(body, { status: response.status, headers });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

type Envelope = Record<string, unknown>;

/** Lets `edit` change the envelope of a sealed answer; anything else passes. */
async function editEnvelope(response: Response, edit: (envelope: Envelope) => Envelope): Promise<Response> {
  const text = await response.text();
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : null;
  return withBody(response, isRecord(value) ? JSON.stringify(edit(value)) : text);
}

/** The inside of a sealed answer, sealed again with the keys given. */
function reseal(
  envelope: Envelope,
  from: SimulatorAccount,
  to: SimulatorAccount,
  edit: (data: Envelope) => Envelope,
): Envelope {
  const text = typeof envelope.Data === 'string' ? openText(envelope.Data, from) : null;
  const data: unknown = text === null ? null : JSON.parse(text);
  return isRecord(data) ? { ...envelope, Data: seal(edit(data), to) } : envelope;
}

/** The signed text of a cashier query, changed and signed again with the keys given. */
function resign(text: string, keys: SimulatorAccount, edit: (name: string, value: string) => string): string {
  if (!text.includes('CheckMacValue=')) return text;
  const pairs = text
    .split('&')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([name]) => name !== 'CheckMacValue')
    .map(([name, value]) => [name, edit(name, value)] as const);
  const signed = [...pairs, ['CheckMacValue', checkMacValue(pairs, keys)] as const];
  return signed.map(([name, value]) => `${name}=${value}`).join('&');
}

const strangeKeys: SimulatorAccount = { merchantId: '', hashKey: '0123456789abcdef', hashIv: 'fedcba9876543210' };

async function answerWrongKey(scene: Scene): Promise<Response> {
  const response = await scene.answer();
  const account = scene.call.world.ledger.account(scene.caller.merchantId);
  if (!account) return response;
  if (scene.gateway.shape === 'form')
    return withBody(
      response,
      resign(await response.text(), strangeKeys, (_, value) => value),
    );
  return editEnvelope(response, (envelope) => reseal(envelope, account, strangeKeys, (data) => data));
}

function otherNo(merchantTradeNo: string): string {
  return `X${merchantTradeNo}`.slice(0, 20);
}

function renameOrder(data: Envelope): Envelope {
  if (!isRecord(data.OrderInfo)) return data;
  const MerchantTradeNo = otherNo(String(data.OrderInfo.MerchantTradeNo ?? ''));
  return { ...data, OrderInfo: { ...data.OrderInfo, MerchantTradeNo } };
}

async function answerOtherOrder(scene: Scene): Promise<Response> {
  const response = await scene.answer();
  const account = scene.call.world.ledger.account(scene.caller.merchantId);
  if (!account) return response;
  const rename = (name: string, value: string) => (name === 'MerchantTradeNo' ? otherNo(value) : value);
  if (scene.gateway.shape === 'form') return withBody(response, resign(await response.text(), account, rename));
  return editEnvelope(response, (envelope) => reseal(envelope, account, account, renameOrder));
}

async function answerOffClock(scene: Scene): Promise<Response> {
  const seconds = secondsOf(scene.fault, 'clock');
  const date = new Date(scene.call.world.now() + seconds * 1000).toUTCString();
  const shift = (header: unknown) =>
    isRecord(header) ? { ...header, Timestamp: Number(header.Timestamp) + seconds } : header;
  const answered = await scene.answer();
  const response =
    scene.gateway.shape === 'sealed'
      ? await editEnvelope(answered, (envelope) => ({ ...envelope, RpHeader: shift(envelope.RpHeader) }))
      : answered;
  return withBody(response, response.body ?? '', { date });
}

/** `交易成功` as Big5 has it; as UTF-8 it is broken. */
const big5 = [0xa5, 0xe6, 0xa9, 0xf6, 0xa6, 0xa8, 0xa5, 0x5c];

function spoil(text: string): Uint8Array<ArrayBuffer> {
  const mark = /[^\p{ASCII}]+/u.exec(text)?.[0] ?? '';
  const at = mark === '' ? text.length : text.indexOf(mark);
  const encoder = new TextEncoder();
  return new Uint8Array([
    ...encoder.encode(text.slice(0, at)),
    ...big5,
    ...encoder.encode(text.slice(at + mark.length)),
  ]);
}

async function answerOldCharset(scene: Scene): Promise<Response> {
  const answered = await scene.answer();
  const isSealed = scene.gateway.shape === 'sealed';
  const response = isSealed
    ? await editEnvelope(answered, (envelope) => ({ ...envelope, TransMsg: '成功' }))
    : answered;
  const type = (response.headers.get('content-type') ?? 'text/html').split(';')[0] ?? 'text/html';
  return withBody(response, spoil(await response.text()), { 'content-type': `${type}; charset=big5` });
}

const page = (title: string) => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

export const effects: Readonly<Record<FaultKind, Effect>> = {
  refuse: (scene) => refuse(scene, { code: codes.noMethod, message: 'No payment method is available for this trade' }),
  duplicate: (scene) => refuse(scene, duplicateFault),
  forbidden: () => answerText(page('403 Forbidden'), 403),
  unavailable: ({ fault }) => answerText(page('Service Unavailable'), fault.status ?? 503),
  html: () => answerText(page('系統維護中')),
  huge: () => new Response(hugeBody(), { headers: { 'content-type': 'application/json; charset=utf-8' } }),
  hang: async (scene) => {
    await scene.call.world.pause(null, scene.call.request.signal);
    return new Response(brokenBody());
  },
  reset: breakOff,
  lost: async (scene) => {
    await scene.answer();
    return breakOff(scene);
  },
  slow: async (scene) => {
    // The work is done at once and only the answer is late, as with a bank that hesitates.
    const response = await scene.answer();
    await scene.call.world.pause(secondsOf(scene.fault, 'slow') * 1000, scene.call.request.signal);
    return response;
  },
  trickle: async (scene) => {
    const response = await scene.answer();
    const bytes = await bytesOf(response);
    const ms = Math.max(1, (secondsOf(scene.fault, 'trickle') * 1000) / Math.max(1, bytes.length));
    return withBody(
      response,
      trickleBody(bytes, () => scene.call.world.pause(ms, scene.call.request.signal)),
    );
  },
  half: async (scene) => {
    const response = await scene.answer();
    const pause = () => scene.call.world.pause(HALF_PAUSE_MS, scene.call.request.signal);
    return withBody(response, halfBody(await bytesOf(response), pause));
  },
  charset: answerOldCharset,
  clock: answerOffClock,
  'wrong-key': answerWrongKey,
  'other-order': answerOtherOrder,
};
