import { answerJson, parseForm } from '../http.ts';
import type { Call, World } from '../world.ts';
import { findAccount, type PlusAccount, signingOf } from './accounts.ts';
import { isSigned } from './sign.ts';

export type Form = Readonly<Record<string, string>>;

export interface Refusal {
  readonly code: number;
  readonly message: string;
}

export interface Opened {
  readonly form: Form;
  readonly account: PlusAccount;
}

/** Seconds a timestamp may be off. */
const WINDOW_S = 600;
const FORM_TYPE = 'application/x-www-form-urlencoded';

export function refuse(code: number, message: string): Refusal {
  return { code, message };
}

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return 'code' in value && 'message' in value;
}

/** Refusals come with status 200; only `code` tells. */
export function answerRefusal(refusal: Refusal): Response {
  return answerJson(refusal);
}

export function answerData(data: Readonly<Record<string, unknown>>): Response {
  return answerJson({ code: 0, status: 'ok', data });
}

/** The form, or nothing when its encoding is broken or a name comes twice. */
export function readForm(body: string): Form | null {
  const pairs = parseForm(body);
  if (!pairs) return null;
  const form = Object.fromEntries(pairs);
  return Object.keys(form).length === pairs.length ? form : null;
}

function isTimely(text: string, world: World): boolean {
  return /^\d{10}$/.test(text) && Math.abs(world.now() / 1000 - Number(text)) <= WINDOW_S;
}

/** Who calls is settled before what for: form, appid, sign, timestamp, then fields nobody knows. */
export function openRequest(call: Call, known: readonly string[]): Opened | Refusal {
  const form = call.contentType === FORM_TYPE ? readForm(call.body) : null;
  if (!form) return refuse(4000, 'The body must be a form.');
  const account = findAccount(call.world, form.appid ?? '');
  if (!account) return refuse(4001, 'appid is unknown.');
  if (!isSigned(form, account.secretKey, signingOf(call.world))) return refuse(4002, 'sign is wrong.');
  if (!isTimely(form.timestamp ?? '', call.world)) return refuse(4003, 'timestamp is out of range.');
  const strange = Object.keys(form).find((name) => !['appid', 'timestamp', 'sign', ...known].includes(name));
  return strange === undefined ? { form, account } : refuse(4010, `${strange.slice(0, 40)} is not a field.`);
}
