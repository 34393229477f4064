import type { Call, World } from '../world.ts';
import { accountIdOf } from './accounts.ts';
import { StripeFailure } from './failure.ts';
import { hashText } from './ids.ts';
import { readVersion } from './version.ts';

/** Who asks, and what has to be said about the request in answers and events. */
export interface Caller {
  readonly world: World;
  /** That of the simulator as the caller sees it. */
  readonly origin: string;
  readonly livemode: boolean;
  readonly who: Merchant | Browser;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

export interface Merchant {
  readonly kind: 'merchant';
  readonly account: string;
  readonly version: string;
}

/** A payer's browser: a publishable key opens nothing without a client_secret. */
export interface Browser {
  readonly kind: 'browser';
  readonly publishableKey: string;
}

const KEY = /^(sk|pk)_(test|live)_[A-Za-z0-9_]{1,240}$/;

/** `Bearer <key>`, or the key as the user name of Basic, which Stripe takes as well. */
function headerKey(request: Request): string | null {
  const header = request.headers.get('authorization') ?? '';
  const [, scheme = '', value = ''] = /^(Bearer|Basic) (\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value === '' ? null : value;
  return Buffer.from(value, 'base64').toString('latin1').replace(/:$/, '');
}

/** Stripe.js puts its key among the parameters. */
function parameterKey(call: Call): string | null {
  const sent = call.request.method === 'POST' ? new URLSearchParams(call.body) : call.url.searchParams;
  return sent.get('key');
}

function unauthorized(message: string, code?: string): StripeFailure {
  return new StripeFailure(401, { type: 'invalid_request_error', ...(code === undefined ? {} : { code }), message });
}

/** The key without what makes it one. */
function mask(key: string): string {
  return /^(?:sk|pk)_(?:test|live)_/.exec(key)?.[0].concat('***') ?? '***';
}

function checkKey(key: string): void {
  if (!KEY.test(key) || key.includes('bad')) throw unauthorized(`Invalid API Key provided: ${mask(key)}`);
  if (!key.includes('denied')) return;
  const message = `The provided key '${mask(key)}' does not have the required permissions for this endpoint.`;
  throw new StripeFailure(403, { type: 'invalid_request_error', message });
}

/** Throws StripeFailure 401 or 403. A publishable key gets through only where browsers ask. */
export function identify(call: Call, isForBrowsers: boolean): Pick<Caller, 'livemode' | 'who'> {
  const key = headerKey(call.request) ?? (isForBrowsers ? parameterKey(call) : null);
  if (key === null) throw unauthorized('You did not provide an API key: send Authorization: Bearer <secret key>.');
  checkKey(key);
  const livemode = key.slice(3).startsWith('live_');
  if (key.startsWith('pk_')) {
    if (isForBrowsers) return { livemode, who: { kind: 'browser', publishableKey: key } };
    throw unauthorized('This API call cannot be made with a publishable API key.', 'secret_key_required');
  }
  const version = readVersion(call.request.headers.get('stripe-version'));
  return { livemode, who: { kind: 'merchant', account: accountIdOf(key), version } };
}

/** Whose payment methods these are, without keeping the key. */
export function ownerOfKey(publishableKey: string): string {
  return hashText(publishableKey).slice(0, 24);
}

/** Whose Idempotency-Key and payment methods these are. */
export function ownerOf({ who }: Caller): string {
  return who.kind === 'merchant' ? who.account : ownerOfKey(who.publishableKey);
}
