import { answerJson, parseForm } from '../http.ts';
import type { Call, World } from '../world.ts';
import { findAccount, type PlusAccount, signingOf } from './accounts.ts';
import { isSigned } from './sign.ts';

export type Form = Readonly<Record<string, string>>;

/** A request with nothing wrong in its frame. */
export interface Asked {
  readonly call: Call;
  readonly world: World;
  readonly form: Form;
  readonly account: PlusAccount;
}

/** Why PLUS does not do it: `code` and `message` of the answer. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Seconds a timestamp may be off. */
const WINDOW_S = 600;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const frame = ['appid', 'timestamp', 'sign'];

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
function openRequest(call: Call, known: readonly string[]): Asked {
  const { world } = call;
  const form = call.contentType === FORM_TYPE ? readForm(call.body) : null;
  if (!form) throw new Refusal(4000, 'The body must be a form.');
  const account = findAccount(world, form.appid ?? '');
  if (!account) throw new Refusal(4001, 'appid is unknown.');
  if (!isSigned(form, account.secretKey, signingOf(world))) throw new Refusal(4002, 'sign is wrong.');
  if (!isTimely(form.timestamp ?? '', world)) throw new Refusal(4003, 'timestamp is out of range.');
  const strange = Object.keys(form).find((name) => ![...frame, ...known].includes(name));
  if (strange !== undefined) throw new Refusal(4010, `${strange.slice(0, 40)} is not a field.`);
  return { call, world, form, account };
}

/** A service of PLUS. Refusals come with status 200 as well; only `code` tells. */
export function serve(known: readonly string[], work: (asked: Asked) => Record<string, unknown>) {
  return (call: Call): Response => {
    try {
      return answerJson({ code: 0, status: 'ok', data: work(openRequest(call, known)) });
    } catch (error) {
      if (error instanceof Refusal) return answerJson({ code: error.code, message: error.message });
      throw error;
    }
  };
}
