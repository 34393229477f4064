import { PayCoreError } from '../core/errors.ts';

/** An answer of the API before it becomes bytes. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function succeed(data: unknown, message: string, status = 200): ApiAnswer {
  return { status, body: JSON.stringify({ success: true, data, message }) };
}

/** Any error in the shape of the API; what is not ours becomes INTERNAL_ERROR without its text. */
export function fail(error: unknown): ApiAnswer {
  const known = error instanceof PayCoreError ? error : new PayCoreError('INTERNAL_ERROR');
  const { retry_after, ...details } = known.details;
  const told = { error_code: known.code, ...details };
  return {
    status: known.status,
    body: JSON.stringify({ success: false, message: known.message, error: told }),
    ...(retry_after === undefined ? {} : { headers: { 'retry-after': String(retry_after) } }),
  };
}

/** To who has asked too often, and may again in so many seconds. */
export function failTooOften(seconds: number): ApiAnswer {
  return fail(new PayCoreError('RATE_LIMITED', { details: { retry_after: seconds } }));
}

const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

export function toResponse(answer: ApiAnswer): Response {
  const headers = answer.headers ? { ...JSON_HEADERS, ...answer.headers } : JSON_HEADERS;
  return new Response(answer.body, { status: answer.status, headers });
}

/** What a create is answered: made now, or there already. */
export function succeedCreate({ created, data }: { readonly created: boolean; readonly data: unknown }): ApiAnswer {
  return created ? succeed(data, 'Payment created successfully', 201) : succeed(data, 'Payment already exists');
}
