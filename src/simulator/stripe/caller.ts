import { digest } from '../digest.ts';
import type { Call, World } from '../world.ts';
import { accountIdOf } from './accounts.ts';
import { refuse, StripeFailure } from './failure.ts';

/** Who asks, and what has to be said about the request in answers and events. */
export interface Caller {
  readonly world: World;
  /** That of the simulator as the caller sees it. */
  readonly origin: string;
  readonly livemode: boolean;
  /** Empty for a payer's browser. */
  readonly account: string;
  /** Empty for a payer's browser. */
  readonly version: string;
  /** Of a payer's browser: it opens nothing without a client_secret. Null for a shop's server. */
  readonly publishableKey: string | null;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
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

function refuseKey(status: 401 | 403, message: string, extras: { readonly code?: string } = {}): never {
  throw new StripeFailure(status, { type: 'invalid_request_error', ...extras, message });
}

function checkKey(key: string): void {
  // The key without what makes it one.
  const masked = `${/^(?:sk|pk)_(?:test|live)_/.exec(key)?.[0] ?? ''}***`;
  if (!KEY.test(key) || key.includes('bad')) refuseKey(401, `Invalid API Key provided: ${masked}`);
  if (!key.includes('denied')) return;
  refuseKey(403, `The provided key '${masked}' does not have the required permissions for this endpoint.`);
}

/** Stripe falls back to the account's default, which no client can know: here the header has to be there. */
function readVersion(header: string | null): string {
  if (header === null) refuse('Send the Stripe-Version header, so that your account’s default does not matter.');
  if (!/^20\d\d-\d\d-\d\d(?:\.[a-z_]{1,30})?$/.test(header)) {
    refuse(`Invalid Stripe API version: ${header.slice(0, 40)}`);
  }
  return header;
}

/** Throws StripeFailure 401 or 403. A publishable key gets through only where browsers ask. */
export function identify(
  call: Call,
  isForBrowsers: boolean,
): Pick<Caller, 'livemode' | 'account' | 'version' | 'publishableKey'> {
  const key = headerKey(call.request) ?? (isForBrowsers ? parameterKey(call) : null);
  if (key === null) return refuseKey(401, 'You did not provide an API key: send Authorization: Bearer <secret key>.');
  checkKey(key);
  const livemode = key.slice(3).startsWith('live_');
  if (key.startsWith('sk_')) {
    const version = readVersion(call.request.headers.get('stripe-version'));
    return { livemode, account: accountIdOf(key), version, publishableKey: null };
  }
  if (isForBrowsers) return { livemode, account: '', version: '', publishableKey: key };
  return refuseKey(401, 'This API call cannot be made with a publishable API key.', { code: 'secret_key_required' });
}

/** Whose payment methods these are, without keeping the key. */
export const ownerOfKey = (publishableKey: string): string => digest(publishableKey).slice(0, 24);

/** Whose Idempotency-Key and payment methods these are. */
export const ownerOf = ({ account, publishableKey }: Caller): string =>
  publishableKey === null ? account : ownerOfKey(publishableKey);
