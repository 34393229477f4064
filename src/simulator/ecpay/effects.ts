import { type Effects, redate, type Scene, secondsOf, withBody } from '../effects.ts';
import { answerPage, answerText, isRecord, parseRecord } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';
import { findAccount } from './accounts.ts';
import { checkMacValue } from './checksum.ts';
import { openText, seal } from './envelope.ts';
import { duplicateFault, type Fault } from './fields.ts';
import { errorPage } from './pages.tsx';
import { answerSealed, noMethodFault, refuseOrder } from './service.ts';

/** The account that calls, as far as the call tells. */
const accountOf = ({ call, caller }: Scene): SimulatorAccount | undefined => findAccount(call.world, caller.merchantId);

async function refuse(scene: Scene, standard: Fault): Promise<Response> {
  const { caller, fault, gateway } = scene;
  const code = fault.code ?? standard.code;
  const message = fault.message ?? standard.message;
  if (gateway.shape === 'page') return answerPage(errorPage({ code, message }));
  if (gateway.shape === 'form') return answerText(`${code}|${message}`);
  const account = accountOf(scene);
  if (!account) return scene.answer();
  const refusal = refuseOrder({ code, message }, account.merchantId, caller.orderNo);
  return answerSealed(refusal, account, scene.call.world.now());
}

type Envelope = Readonly<Record<string, unknown>>;

/** The answer, its envelope changed by `edit` where there is one; anything else passes. */
async function answerEdited({ answer, gateway }: Scene, edit: (envelope: Envelope) => Envelope): Promise<Response> {
  const response = await answer();
  if (gateway.shape !== 'sealed') return response;
  const text = await response.text();
  const envelope = parseRecord(text);
  return withBody(response, envelope ? JSON.stringify(edit(envelope)) : text);
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

/** How an answer is made a lie of: another order's number, or other keys. */
interface Lie {
  readonly rename: (merchantTradeNo: string) => string;
  /** Null: the account's own. */
  readonly keys: SimulatorAccount | null;
}

function renameOrder(data: Envelope, { rename }: Lie): Envelope {
  if (!isRecord(data.OrderInfo)) return data;
  const MerchantTradeNo = rename(String(data.OrderInfo.MerchantTradeNo ?? ''));
  return { ...data, OrderInfo: { ...data.OrderInfo, MerchantTradeNo } };
}

async function answerLie(scene: Scene, lie: Lie): Promise<Response> {
  const account = accountOf(scene);
  if (!account) return scene.answer();
  const keys = lie.keys ?? account;
  if (scene.gateway.shape === 'form') {
    const response = await scene.answer();
    const edit = (name: string, value: string) => (name === 'MerchantTradeNo' ? lie.rename(value) : value);
    return withBody(response, resign(await response.text(), keys, edit));
  }
  return answerEdited(scene, (envelope) => {
    const data = typeof envelope.Data === 'string' ? parseRecord(openText(envelope.Data, account) ?? '') : null;
    return data ? { ...envelope, Data: seal(renameOrder(data, lie), keys) } : envelope;
  });
}

const strangeKeys: SimulatorAccount = { merchantId: '', hashKey: '0123456789abcdef', hashIv: 'fedcba9876543210' };

/** `交易成功` as Big5 has it; as UTF-8 it is broken. */
const big5 = [0xa5, 0xe6, 0xa9, 0xf6, 0xa6, 0xa8, 0xa5, 0x5c];

function spoil(text: string): Uint8Array<ArrayBuffer> {
  const mark = /[^\p{ASCII}]+/u.exec(text)?.[0] ?? '';
  const at = mark === '' ? text.length : text.indexOf(mark);
  const encode = (part: string) => new TextEncoder().encode(part);
  return new Uint8Array([...encode(text.slice(0, at)), ...big5, ...encode(text.slice(at + mark.length))]);
}

/** What goes wrong with ECPay's own way of answering. */
export const ecpayEffects: Effects = {
  refuse: (scene) => refuse(scene, noMethodFault),
  duplicate: (scene) => refuse(scene, duplicateFault),
  charset: async (scene) => {
    const response = await answerEdited(scene, (envelope) => ({ ...envelope, TransMsg: '成功' }));
    const type = (response.headers.get('content-type') ?? 'text/html').split(';')[0] ?? 'text/html';
    return withBody(response, spoil(await response.text()), { 'content-type': `${type}; charset=big5` });
  },
  clock: async (scene) => {
    const seconds = secondsOf(scene.fault, 'clock');
    const shift = (header: unknown) =>
      isRecord(header) ? { ...header, Timestamp: Number(header.Timestamp) + seconds } : header;
    return redate(
      await answerEdited(scene, (envelope) => ({ ...envelope, RpHeader: shift(envelope.RpHeader) })),
      scene,
    );
  },
  'wrong-key': (scene) => answerLie(scene, { rename: (merchantTradeNo) => merchantTradeNo, keys: strangeKeys }),
  'other-order': (scene) =>
    answerLie(scene, { rename: (merchantTradeNo) => `X${merchantTradeNo}`.slice(0, 20), keys: null }),
};
