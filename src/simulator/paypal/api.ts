import { digest } from '../digest.ts';
import { parseRecord } from '../http.ts';
import type { Call } from '../world.ts';
import { authenticate } from './accounts.ts';
import { answerRefusal, type Issue, PaypalError, refuse } from './errors.ts';
import { type Check, insist } from './schema.ts';

export interface ApiCall extends Call {
  readonly clientId: string;
}

/** Lets in who has a live token and words refusals as PayPal does; `oldName` as `answerRefusal` takes it. */
export const guard =
  (work: (call: ApiCall) => Response, oldName?: string): ((call: Call) => Response) =>
  (call) => {
    try {
      const clientId = authenticate(call);
      if (clientId === null) throw new PaypalError(401);
      return work({ ...call, clientId });
    } catch (error) {
      if (error instanceof PaypalError) return answerRefusal(call.world, error, oldName);
      throw error;
    }
  };

/** The body, which must say that it is JSON even when it is empty. Throws what breaks the schema. */
export function readJson<T>(call: Call, check: Check<T>, isOptional = false): T {
  if (call.contentType !== 'application/json') throw new PaypalError(415);
  const body = isOptional && call.body.trim() === '' ? {} : parseRecord(call.body);
  return insist(check, body ?? refuse(400, 'MALFORMED_REQUEST_JSON', { location: 'body' }));
}

/** The longest a header may be; none may be empty (PayPal Orders v2, header parameters). */
const headerLengths = {
  'PayPal-Request-Id': 108,
  'PayPal-Partner-Attribution-Id': 36,
  'PayPal-Client-Metadata-Id': 36,
};

const preferences: readonly (string | null)[] = [null, 'return=minimal', 'return=representation'];
const HOUR_MS = 3600 * 1000;
/** How long PayPal remembers a PayPal-Request-Id (PayPal Orders v2 and Payments v2, header parameters). */
const memory = { create: 6 * HOUR_MS, capture: 6 * HOUR_MS, refund: 45 * 24 * HOUR_MS } as const;

/** A request that may come again. */
export interface Posted<T> extends ApiCall {
  readonly kind: keyof typeof memory;
  readonly content: T;
  readonly requestId: string | null;
  /** `Prefer: return=representation`; the standard is `return=minimal`. */
  readonly wantsAll: boolean;
}

export function readPosted<T>(call: ApiCall, kind: Posted<T>['kind'], check: Check<T>, isOptional: boolean): Posted<T> {
  const { headers } = call.request;
  for (const [field, cap] of Object.entries(headerLengths)) {
    const value = headers.get(field);
    if (value !== null && (value === '' || value.length > cap)) refuse(400, 'INVALID_STRING_LENGTH', { field, value });
  }
  const prefer = headers.get('Prefer');
  if (!preferences.includes(prefer)) refuse(400, 'INVALID_PARAMETER_SYNTAX', { field: 'Prefer', value: prefer ?? '' });
  return {
    ...call,
    kind,
    content: readJson(call, check, isOptional),
    requestId: headers.get('PayPal-Request-Id'),
    wantsAll: prefer === 'return=representation',
  };
}

/** What a request under a PayPal-Request-Id came to: something made, or a refusal that is final under this id. */
interface Outcome {
  readonly id: string;
  readonly issue: Issue | null;
}

interface Replay extends Outcome {
  readonly at: number;
  /** Of path and body. */
  readonly digest: string;
}

const replaysOf = ({ world }: Call) => world.shelves.open<Replay>('paypal.replays');

/** Ids are apart by account and by kind of call. */
const keyOf = ({ clientId, kind, requestId }: Posted<unknown>): string => `${clientId}:${kind}:${requestId}`;
const digestOf = ({ url, content }: Posted<unknown>): string => digest(`${url.pathname}\n${JSON.stringify(content)}`);

/** What the same request came to before; throws when its id belongs to another one. */
export function recall(posted: Posted<unknown>): Outcome | null {
  const { requestId, kind, world } = posted;
  const found = requestId === null ? undefined : replaysOf(posted).get(keyOf(posted));
  if (!found || found.at + memory[kind] <= world.now()) return null;
  if (found.digest === digestOf(posted)) return found;
  return refuse(422, 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED', { field: 'PayPal-Request-Id', value: requestId ?? '' });
}

export function remember(posted: Posted<unknown>, id: string, issue: Issue | null = null): void {
  if (posted.requestId === null) return;
  replaysOf(posted).put(keyOf(posted), { id, issue, at: posted.world.now(), digest: digestOf(posted) });
}
