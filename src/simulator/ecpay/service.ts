import { answerJson, answerText, isRecord, parseForm, parseRecord } from '../http.ts';
import { FORM_TYPE } from '../input.ts';
import type { SimulatorAccount } from '../options.ts';
import type { Call, World } from '../world.ts';
import { findAccount } from './accounts.ts';
import { checkMacValue, compareKeys } from './checksum.ts';
import { openText, seal } from './envelope.ts';
import * as rule from './fields.ts';
import { type Fault, type FieldRule, type FieldValues, findFault, flatten } from './fields.ts';

/** Requests older than this are refused (ECPay developer docs p=27995). */
const TIMESTAMP_WINDOW_S = 10 * 60;

export type SignedForm = Readonly<Record<string, string>>;

/** A request of a known account with nothing wrong in its frame. */
export interface Asked {
  readonly call: Call;
  readonly world: World;
  readonly account: SimulatorAccount;
  /** As sent. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The same under dotted names. */
  readonly values: FieldValues;
}

/** The fields of a form whose signature is right, or null; ECPay shows one and the same fault for the rest. */
export function readSignedForm(call: Call): { readonly form: SignedForm; readonly account: SimulatorAccount } | null {
  const pairs = call.contentType === FORM_TYPE ? parseForm(call.body) : null;
  if (!pairs) return null;
  const form: SignedForm = Object.fromEntries(pairs);
  // A name that comes twice is joined by ECPay's server and then never verifies.
  if (Object.keys(form).length !== pairs.length || pairs.some(([, value]) => rule.hasHtmlTag(value))) return null;
  // A number of the other environment is unknown here and reads the same as a wrong key.
  const account = findAccount(call.world, form.MerchantID ?? '');
  return account && form.CheckMacValue === checkMacValue(pairs, account) ? { form, account } : null;
}

/** Like a form, but raw: spaces, plus signs and Chinese characters stand as they are. */
function rawBody(fields: SignedForm, account: SimulatorAccount): string {
  const pairs = Object.entries(fields).sort(([left], [right]) => compareKeys(left, right));
  const signed = [...pairs, ['CheckMacValue', checkMacValue(pairs, account)] as const];
  return signed.map(([name, value]) => `${name}=${value}`).join('&');
}

const isFault = (value: SignedForm | Fault): value is Fault => 'code' in value;

type SignedWork = (asked: Omit<Asked, 'data'> & { readonly form: SignedForm }) => SignedForm | Fault;

/** A service of the cashier, which takes a signed form and answers with one. */
export function serveSigned(rules: readonly FieldRule[], work: SignedWork) {
  const answerFault = ({ code, message }: Fault) => answerText(`${code}|${message}`);
  return (call: Call): Response => {
    const signed = readSignedForm(call);
    if (!signed) return answerFault(rule.checkMacFault);
    const values = new Map(Object.entries(signed.form));
    const reply = findFault(rules, [], values, '') ?? work({ call, world: call.world, ...signed, values });
    return isFault(reply) ? answerFault(reply) : answerText(rawBody(reply, signed.account));
  };
}

function answerEnvelope(merchantId: string, code: number, message: string, data: string, now: number): Response {
  const RpHeader = { Timestamp: Math.floor(now / 1000) };
  return answerJson({ MerchantID: merchantId, RpHeader, TransCode: code, TransMsg: message, Data: data });
}

export const answerSealed = (data: unknown, account: SimulatorAccount, now: number): Response =>
  answerEnvelope(account.merchantId, 1, 'Success!', seal(data, account), now);

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
function openEnvelope(call: Call): Asked | Response {
  const { world } = call;
  const now = world.now();
  const envelope = call.contentType === 'application/json' ? parseRecord(call.body) : null;
  if (!envelope) return answerEnvelope('', 999, 'The parameter format error', '', now);
  const merchantId = typeof envelope.MerchantID === 'string' ? envelope.MerchantID : '';
  const fault = findEnvelopeFault(envelope, now);
  if (fault) return answerEnvelope(merchantId, 999, fault, '', now);
  const account = findAccount(world, merchantId);
  const data = account && parseRecord(openText(String(envelope.Data), account) ?? '');
  // Keys that do not fit: ECPay names neither the merchant nor a reason, as recorded on its stage.
  if (!account || !data) return answerEnvelope('', 128, 'System exception', '', now);
  // The number stands outside and inside; two different ones mean mixed-up accounts.
  if (data.MerchantID !== merchantId) {
    return answerEnvelope(merchantId, 999, 'Parameter Error. MerchantID', '', now);
  }
  return { call, world, account, data, values: flatten(data) };
}

type Reply = Readonly<Record<string, unknown>>;

/** A JSON service whose request and answer are sealed. */
export const serveSealed =
  (work: (asked: Asked) => Reply | Promise<Reply>) =>
  async (call: Call): Promise<Response> => {
    const asked = openEnvelope(call);
    return asked instanceof Response ? asked : answerSealed(await work(asked), asked.account, call.world.now());
  };

export const refuseOrder = (fault: Fault, merchantId: string, merchantTradeNo: string): Reply => ({
  RtnCode: Number(fault.code),
  RtnMsg: fault.message,
  PlatformID: '',
  MerchantID: merchantId,
  OrderInfo: { MerchantTradeNo: merchantTradeNo },
  CustomField: null,
});

export const noMethodFault: Fault = {
  code: rule.codes.noMethod,
  message: 'No payment method is available for this trade',
};

/** Whom a call is from, as far as its body tells without being checked. */
export function readEcpayCaller({ body, world }: Call) {
  const envelope = body.startsWith('{') ? (parseRecord(body) ?? {}) : null;
  const form: Readonly<Record<string, unknown>> = envelope ?? Object.fromEntries(parseForm(body) ?? []);
  const merchantId = textOf(form.MerchantID);
  const account = findAccount(world, merchantId);
  const sealed = envelope && account ? parseRecord(openText(textOf(envelope.Data), account) ?? '') : null;
  const info = isRecord(sealed?.OrderInfo) ? sealed.OrderInfo : {};
  const orderNo = envelope
    ? textOf(sealed?.MerchantTradeNo) || textOf(info.MerchantTradeNo)
    : textOf(form.MerchantTradeNo);
  return { merchantId, orderNo, isKnown: account !== undefined };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
