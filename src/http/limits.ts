import { PayCoreError } from '../core/errors.ts';
import { DAY, MINUTE } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import { type AllowanceParts, createAllowance, evenly } from '../payments/allowances.ts';
import { currentScope } from '../scope.ts';
import { type Allowance, clientKey, createRateLimiter, type RateLimiter } from '../security/ratelimit.ts';

export interface Limit {
  /** Whose requests are counted together: an API key's, those of an address (of IPv6 the /64), or those to a payment link. */
  readonly by: 'key' | 'address' | 'link';
  /** As many may also come at once. */
  readonly perMinute: number;
  /** Where each leaves something behind that is kept for days. */
  readonly perDay?: number;
  readonly what: string;
}

/**
 * How much one caller may ask for. The limits stop programs that run wild and people who guess; a shop, a crowd of payers
 * behind one address (a mobile carrier's, or a proxy's that was not named in PAYCORE_TRUSTED_PROXIES) and a gateway that
 * sends everything again must never feel them. Styles, scripts, the API's document, `/healthz` and addresses that do not
 * exist are not counted: answering costs no more than refusing.
 */
export const LIMITS = {
  /** 100 a second is a hundredth of what one core answers, and more than any shop has reason to ask. */
  reads: { by: 'key', perMinute: 6_000, what: 'reading calls of the API' },
  /** A sale of 1,200 orders within one second goes through; 20 a second go on for ever. */
  writes: { by: 'key', perMinute: 1_200, what: 'writing calls of the API' },
  /** A key has 238 random bits: this is about the log and the database, not about guessing. */
  wrongKeys: { by: 'address', perMinute: 60, what: 'calls without a valid key' },
  /** Figures without a key are kept for ten seconds; nobody needs them often. */
  open: { by: 'address', perMinute: 600, what: 'calls of the API that need no key' },
  /** Each is rendered; 50 a second are payers of a large sale who all come from one carrier. */
  page: { by: 'address', perMinute: 3_000, what: 'payment pages' },
  /** A page asks 40 times a minute: 1,500 pages open behind one address. */
  poll: { by: 'address', perMinute: 60_000, what: 'questions of payment pages for the status' },
  /** Each may open an order at the gateway. How often one payment may is limited besides. */
  go: { by: 'address', perMinute: 1_200, what: 'presses of the pay button' },
  /** Each may fetch a token from the gateway or charge a card. */
  form: { by: 'address', perMinute: 1_200, what: 'uses of the card form in the page' },
  /** Each opens an order or takes a number at the gateway, which shuts out a merchant who asks for too many. */
  draws: { by: 'address', perMinute: 60, what: 'orders, numbers and forms that payers get from a gateway' },
  /** Each leaves a payment behind, and nobody shows a key: a carrier's customers at a sale, 5 a second. */
  link: { by: 'address', perMinute: 300, perDay: 2_000, what: 'payments begun at payment links' },
  /** As much as a key may write. */
  linkUses: { by: 'link', perMinute: 1_200, what: 'payments begun at one payment link' },
  /** People who click; a program that reads the desk is told to use the API. How often one may guess is limited besides. */
  desk: { by: 'address', perMinute: 1_200, what: 'pages and forms of the desk' },
  /** Each is rendered anew; the other pages of the developer centre are kept. */
  guide: { by: 'address', perMinute: 600, what: 'views of the home, and searches in the developer centre' },
  /** Each may ask or tell the gateway; a payer comes back once. */
  return: { by: 'address', perMinute: 1_200, what: 'payers who come back from a gateway' },
  /**
   * A gateway calls from few addresses, and after a failure of the network it sends a day's callbacks again at once: no
   * small shop has 60,000 payments waiting, and 1,000 a second keep no more than a core busy. What is refused is told to
   * come again.
   */
  callbacks: { by: 'address', perMinute: 60_000, what: 'callbacks of gateways' },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof LIMITS;
/** Kept by each process for itself: they keep it from being overrun, and nobody else. */
export type OwnLimitName = Exclude<LimitName, 'draws'>;
export type LimitTable = Readonly<Record<LimitName, Limit>>;

export interface Limits {
  /** For the API: counts one, and notes what is left for the answer. Throws RATE_LIMITED. */
  charge(name: OwnLimitName, key: string): void;
  chargeAddress(name: OwnLimitName, request: Request): void;
  /** For pages and callbacks: counts one. Null when it may go on, else the seconds to wait. */
  waitFor(name: OwnLimitName, request: Request): number | null;
  waitForKey(name: OwnLimitName, key: string): number | null;
  /** The same of `draws`, which all processes count together: a gateway bears what they let through. */
  waitForDraw(request: Request): Promise<number | null>;
}

export function createLimits(
  deps: Pick<Deps, 'config' | 'clock' | 'log'> & AllowanceParts,
  addressOf: (request: Request) => string,
  table: LimitTable,
): Limits {
  const now = () => deps.clock.now();
  const limiters = new Map(
    Object.entries(table).map(([name, { perMinute, perDay }]) => [
      name,
      [
        createRateLimiter({ limit: perMinute, windowMs: MINUTE, now }),
        ...(perDay === undefined ? [] : [createRateLimiter({ limit: perDay, windowMs: DAY, now })]),
      ],
    ]),
  );
  const told = createRateLimiter({ limit: 1, windowMs: MINUTE, now });

  const draws = createAllowance(deps, 'draws', evenly(table.draws.perMinute));

  /** A flood must not become a flood of lines as well. */
  const tell = (name: LimitName, key: string): void => {
    if (told.take(name).allowed) deps.log.warn('rate limit reached', { limit: name, [table[name].by]: key });
  };

  const take = (name: OwnLimitName, key: string): Allowance | null => {
    const allowance = deps.config.rateLimit ? takeAll(limiters.get(name) ?? [], key) : undefined;
    if (allowance?.allowed === false) tell(name, key);
    return allowance ?? null;
  };

  const charge = (name: OwnLimitName, key: string): void => {
    const allowance = take(name, key);
    if (allowance === null) return;
    const scope = currentScope();
    if (scope) scope.quota = { ...allowance, limit: table[name].perMinute };
    if (!allowance.allowed)
      throw new PayCoreError('RATE_LIMITED', { details: { retry_after: secondsOf(allowance.retryAfterMs) } });
  };

  const waitForKey = (name: OwnLimitName, key: string): number | null => {
    const allowance = take(name, key);
    return allowance === null || allowance.allowed ? null : secondsOf(allowance.retryAfterMs);
  };

  const waitForDraw = async (request: Request): Promise<number | null> => {
    const key = clientKey(addressOf(request));
    const waitMs = deps.config.rateLimit ? await draws.take(key) : 0;
    if (waitMs === 0) return null;
    tell('draws', key);
    return secondsOf(waitMs);
  };

  return {
    charge,
    chargeAddress: (name, request) => charge(name, clientKey(addressOf(request))),
    waitFor: (name, request) => waitForKey(name, clientKey(addressOf(request))),
    waitForKey,
    waitForDraw,
  };
}

/** Of what the minute refuses nothing is taken from the day. */
function takeAll([first, ...others]: readonly RateLimiter[], key: string): Allowance | undefined {
  const allowance = first?.take(key);
  const next = allowance?.allowed ? takeAll(others, key) : undefined;
  return next?.allowed === false ? next : allowance;
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
