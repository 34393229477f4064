import { createHash } from 'node:crypto';
import type { Environment } from '../../core/payment.ts';
import { type GatewayContext, GatewayGarbage, GatewayRefusal, type Secrets } from '../gateway.ts';
import type { GatewayResponse } from '../http.ts';
import { errors } from './errors.ts';
import { readJsonObject, textOf } from './json.ts';

/**
 * Access tokens (PayPal REST APIs, "Authentication": OAuth 2.0 client credentials). One serves all calls of an account
 * until shortly before it runs out, so callers that come at once share the call that fetches it.
 */
export interface Account {
  readonly environment: Environment;
  readonly secrets: Secrets;
}

export interface Token {
  readonly value: string;
  /** What fetching it took, 0 for one that was there. */
  readonly elapsedMs: number;
}

/** Held while it is fetched, then until it is used up. */
interface Held {
  readonly running: Promise<Token> | null;
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A token that runs out on its way to PayPal is no good. */
const RESERVE_S = 60;
/** PayPal gives about nine hours; a day is believed at most. */
const MAX_LIFE_S = 86_400;
const TIMEOUT_MS = 10_000;
const PREFIX = 'paypal token ';
/** Accounts whose tokens are held; the one that came first goes first. */
const MAX_HELD = 500;

/** Throws GatewayRefusal for credentials that PayPal does not know, GatewayGarbage or GatewayCallError. */
export async function takeToken(account: Account, ctx: GatewayContext): Promise<Token> {
  const key = keyOf(account, ctx);
  const held = ctx.memory.get(key) as Held | undefined;
  if (held?.running) return held.running;
  if (held && ctx.now < held.expiresAt) return { value: held.value, elapsedMs: 0 };
  const running = fetchToken(account, ctx, key);
  hold(ctx, key, { running, value: '', expiresAt: 0 });
  try {
    return await running;
  } catch (error) {
    if ((ctx.memory.get(key) as Held | undefined)?.running === running) ctx.memory.delete(key);
    throw error;
  }
}

/** PayPal did not take it. Another one that was fetched meanwhile stays. */
export function dropToken(account: Account, ctx: GatewayContext, token: Token): void {
  const key = keyOf(account, ctx);
  if ((ctx.memory.get(key) as Held | undefined)?.value === token.value) ctx.memory.delete(key);
}

function keyOf({ environment, secrets }: Account, ctx: GatewayContext): string {
  const secret = createHash('sha256')
    .update(secrets.client_secret ?? '')
    .digest('base64url');
  return `${PREFIX}${ctx.originOf('api', environment)} ${secrets.client_id} ${secret}`;
}

function hold(ctx: GatewayContext, key: string, held: Held): void {
  ctx.memory.delete(key);
  ctx.memory.set(key, held);
  const keys = [...ctx.memory.keys()].filter((one) => one.startsWith(PREFIX));
  for (const old of keys.slice(0, -MAX_HELD)) ctx.memory.delete(old);
}

async function fetchToken(account: Account, ctx: GatewayContext, key: string): Promise<Token> {
  const { client_id, client_secret } = account.secrets;
  const response = await ctx.http.post(`${ctx.originOf('api', account.environment)}/v1/oauth2/token`, {
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    timeoutMs: TIMEOUT_MS,
  });
  const { value, lifeS } = readToken(response);
  hold(ctx, key, { running: null, value, expiresAt: ctx.now + (lifeS - RESERVE_S) * 1000 });
  return { value, elapsedMs: response.elapsedMs };
}

/** What a header can carry. */
const BEARER = /^[\x21-\x7e]{1,4000}$/;

function readToken(response: GatewayResponse): { readonly value: string; readonly lifeS: number } {
  const answer = readJsonObject(response.body);
  const refusal = textOf(answer?.error);
  if (response.status >= 400 && response.status < 500 && refusal !== '') {
    throw new GatewayRefusal(errors.PAYPAL_REQUEST_REJECTED, refusal, textOf(answer?.error_description), 'account');
  }
  const value = textOf(answer?.access_token);
  const life = answer?.expires_in;
  if (response.status !== 200 || !BEARER.test(value) || typeof life !== 'number') {
    throw new GatewayGarbage(`PayPal gave no access token (HTTP ${response.status})`);
  }
  return { value, lifeS: Math.min(life, MAX_LIFE_S) };
}
