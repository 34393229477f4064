import { type GatewayContext, GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import type { GatewayResponse } from '../http.ts';
import { errors } from './errors.ts';
import { type Fields, listOf, readJsonObject, textOf } from './json.ts';
import { type Account, dropToken, type Token, takeToken } from './token.ts';

/** One call of PayPal's REST API, token included. */
export interface PaypalCall extends Account {
  readonly path: string;
  /** JSON; given: a POST, else a GET. */
  readonly body?: string | Uint8Array;
  /** `PayPal-Request-Id` of what makes something: under the same one PayPal does it once. */
  readonly requestId?: string;
  /** For everything together. */
  readonly timeoutMs: number;
}

/** An answer in PayPal's own words: something made or found, or a refusal. */
export interface PaypalAnswer {
  readonly status: number;
  readonly body: Fields;
}

/** Statuses by which PayPal says that it did nothing. Others, such as 409, 429 and 5xx, leave that open. */
const REFUSALS = new Set([400, 401, 403, 404, 415, 422]);

/** Issues that come with a refusal's status although the request, or its twin, is being worked on or was before. */
const IN_DOUBT = new Set([
  'ORDER_COMPLETION_IN_PROGRESS',
  'PREVIOUS_REQUEST_IN_PROGRESS',
  'PAYPAL_REQUEST_ID_PREVIOUSLY_USED',
]);

/** What is left when the token took all the time. */
const LEAST_MS = 1000;

/**
 * Throws GatewayRefusal when there is no token to be had, GatewayGarbage for an answer that leaves the outcome open, and
 * GatewayCallError. 429 is among the garbage on purpose: resting for half an hour would leave payers uncaptured whose
 * orders live for three.
 */
export async function callPaypal(call: PaypalCall, ctx: GatewayContext): Promise<PaypalAnswer> {
  const first = await takeToken(call, ctx);
  const response = await send(call, ctx, first, call.timeoutMs - first.elapsedMs);
  if (response.status !== 401) return readAnswer(response);
  // A token may end before its time, e.g. when the merchant changes what his app may do.
  dropToken(call, ctx, first);
  const second = await takeToken(call, ctx);
  const spent = first.elapsedMs + response.elapsedMs + second.elapsedMs;
  return readAnswer(await send(call, ctx, second, call.timeoutMs - spent));
}

/** The same for a question: credentials that are not taken say nothing about what was asked. */
export async function askPaypal(call: PaypalCall, ctx: GatewayContext): Promise<PaypalAnswer> {
  try {
    return await callPaypal(call, ctx);
  } catch (error) {
    if (!(error instanceof GatewayRefusal)) throw error;
    throw new GatewayGarbage(`PayPal did not take the question: ${error.gatewayCode} ${error.message}`);
  }
}

function send(call: PaypalCall, ctx: GatewayContext, token: Token, leftMs: number): Promise<GatewayResponse> {
  const url = ctx.originOf('api', call.environment) + call.path;
  const timeoutMs = Math.max(leftMs, LEAST_MS);
  const headers = { accept: 'application/json', authorization: `Bearer ${token.value}` };
  if (call.body === undefined) return ctx.http.get(url, { headers, timeoutMs });
  // Without the preference PayPal leaves out what the answer to a new thing is checked by.
  const making =
    call.requestId === undefined ? {} : { prefer: 'return=representation', 'paypal-request-id': call.requestId };
  const all = { ...headers, ...making, 'content-type': 'application/json' };
  return ctx.http.post(url, { headers: all, body: call.body, timeoutMs });
}

function readAnswer({ status, body }: GatewayResponse): PaypalAnswer {
  const fields = readJsonObject(body);
  const known = status === 200 || status === 201 || REFUSALS.has(status);
  if (!fields || !known)
    throw new GatewayGarbage(`PayPal answered HTTP ${status}${fields ? '' : ', and no JSON object'}`);
  const answer = { status, body: fields };
  const { code, message } = readProblem(answer);
  if (!isDone(answer) && IN_DOUBT.has(code)) throw new GatewayGarbage(`PayPal answered ${code}: ${message}`);
  return answer;
}

export function isDone({ status }: PaypalAnswer): boolean {
  return status === 200 || status === 201;
}

/** What PayPal says is wrong. */
export interface Problem {
  /** Its `issue`, else its `name`. */
  readonly code: string;
  /** With the `debug_id` that PayPal's support asks for. */
  readonly message: string;
}

/** PayPal REST APIs, error responses: `details` say more than `name` and `message`. */
export function readProblem({ status, body }: PaypalAnswer): Problem {
  const [detail = {}] = listOf(body.details);
  const code = textOf(detail.issue) || textOf(body.name) || `HTTP ${status}`;
  const field = textOf(detail.field);
  const debugId = textOf(body.debug_id);
  const parts = [
    textOf(detail.description) || textOf(body.message),
    field === '' ? '' : `(field ${field})`,
    debugId === '' ? '' : `(debug_id ${debugId})`,
  ];
  return { code, message: parts.filter((part) => part !== '').join(' ') };
}

/** For calls that make something: PayPal says that it made nothing. */
export function refusalOf(answer: PaypalAnswer): GatewayRefusal {
  const { code, message } = readProblem(answer);
  return new GatewayRefusal(errors.PAYPAL_REQUEST_REJECTED, code, message);
}
