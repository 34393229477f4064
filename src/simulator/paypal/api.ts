import { isRecord } from '../http.ts';
import type { Call } from '../world.ts';
import { authenticate } from './accounts.ts';
import { answerRefusal, PaypalError, refuse } from './errors.ts';

/** An API call whose token is good. */
export interface ApiCall extends Call {
  readonly clientId: string;
}

type Work = (call: ApiCall) => Response;

/** Lets in who has a live token and words refusals as PayPal does; `name` is for services that name them otherwise. */
export function guard(work: Work, name?: string): (call: Call) => Response {
  return (call) => {
    try {
      const clientId = authenticate(call);
      if (clientId === null) throw new PaypalError(401, []);
      return work({ ...call, clientId });
    } catch (error) {
      if (error instanceof PaypalError)
        return answerRefusal(call.world, error, error.status === 400 ? name : undefined);
      throw error;
    }
  };
}

/** The longest a header may be; none may be empty (PayPal Orders v2, header parameters). */
const headerLengths: Readonly<Record<string, number>> = {
  'PayPal-Request-Id': 108,
  'PayPal-Partner-Attribution-Id': 36,
  'PayPal-Client-Metadata-Id': 36,
};

export interface ApiHeaders {
  readonly requestId: string | null;
  /** `Prefer: return=representation`; the standard is `return=minimal`. */
  readonly wantsAll: boolean;
}

const preferences: readonly (string | null)[] = [null, 'return=minimal', 'return=representation'];

export function readHeaders(call: Call): ApiHeaders {
  const { headers } = call.request;
  for (const [field, cap] of Object.entries(headerLengths)) {
    const value = headers.get(field);
    if (value !== null && (value === '' || value.length > cap)) refuse(400, 'INVALID_STRING_LENGTH', { field, value });
  }
  const prefer = headers.get('Prefer');
  if (!preferences.includes(prefer)) refuse(400, 'INVALID_PARAMETER_SYNTAX', { field: 'Prefer', value: prefer ?? '' });
  return { requestId: headers.get('PayPal-Request-Id'), wantsAll: prefer === 'return=representation' };
}

/** The body, which must say that it is JSON even when it is empty. */
export function readJsonBody(call: Call, isOptional = false): Readonly<Record<string, unknown>> {
  if (call.contentType !== 'application/json') throw new PaypalError(415, []);
  if (isOptional && call.body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(call.body);
    if (isRecord(value)) return value;
  } catch {
    // Said below, together with JSON that is no object.
  }
  return refuse(400, 'MALFORMED_REQUEST_JSON', { location: 'body' });
}
