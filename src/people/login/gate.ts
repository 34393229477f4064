import { DAY, MINUTE, SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { clientKey, createRateLimiter } from '../../security/ratelimit.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import type { Devices } from './devices.ts';
import { createLane } from './lanes.ts';
import { type Counter, countersOf, type Guessed } from './limits.ts';

/** From where somebody tries to sign in. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
  /** As it came. */
  readonly deviceCookie: string | null;
}

/** `wait`: too many tries. `busy`: too many people at once. */
export type Refused = { readonly kind: 'wait' | 'busy'; readonly seconds: number };

/** A try that may be made. */
export interface Pass {
  readonly isKnown: boolean;
  /** It was no guess. */
  giveBack(): Promise<void>;
}

const KNOWN_FOR_MS = 90 * DAY;
const BUSY_SECONDS = 10;

/** Tries of one address that are looked at at all, of strangers together, and of them those that get as far as a hash. */
const ASKED_BY_ONE = 60;
const ASKED = 1200;
const HASHED = 120;
/** So many stand behind the one whose password is being looked at. */
const WAITING = 20;

type Parts = Pick<Deps, 'store' | 'vault' | 'clock'>;

/** Who may try, how often, and how many at once. `limits.ts` says why. */
export function createGate({ store, vault, clock }: Parts, devices: Devices) {
  const limiter = (limit: number) => createRateLimiter({ limit, windowMs: MINUTE, now: clock.now });
  const [ofOne, asked, hashed] = [limiter(ASKED_BY_ONE), limiter(ASKED), limiter(HASHED)];
  const lanes = { known: createLane(WAITING), stranger: createLane(WAITING) };
  const refuse = (kind: Refused['kind'], waitMs: number): Refused => ({
    kind,
    seconds: Math.max(1, Math.ceil(waitMs / SECOND)),
  });

  const describeCaller = async (account: string, person: PersonRow | null, { address, deviceCookie }: Origin) => {
    const key = clientKey(address);
    const since = clock.now() - KNOWN_FOR_MS;
    // Asked for whoever it is: how long the answer takes must not tell whether there is such an account.
    const isKnownAddress = await store.isKnownAddress({ personId: person?.id ?? 0, address: key, since });
    return { address: key, account, device: await devices.find(deviceCookie, person), isKnownAddress };
  };

  /** Null: not even looked at. Bounds what strangers leave in memory and in the database. */
  const isFlood = (address: string): Refused | null => {
    const one = ofOne.take(address);
    if (!one.allowed) return refuse('wait', one.retryAfterMs);
    const all = asked.take('');
    return all.allowed ? null : refuse('busy', all.retryAfterMs);
  };

  return {
    /** Takes one try. `account`: what was typed, in the form of stored addresses. */
    async enter(guessed: Guessed, account: string, person: PersonRow | null, origin: Origin): Promise<Pass | Refused> {
      const caller = await describeCaller(account, person, origin);
      const isKnown = caller.device !== null || caller.isKnownAddress;
      const flood = caller.device === null ? isFlood(caller.address) : null;
      if (flood) return flood;
      const counters: readonly Counter[] = countersOf(vault, guessed, caller);
      const waitMs = await store.takeLogin(counters, clock.now());
      if (waitMs > 0) return refuse('wait', waitMs);
      return { isKnown, giveBack: () => store.giveBackLogin(counters) };
    },

    /** Does what is heavy, when it is its turn. */
    async run<T>({ isKnown }: Pick<Pass, 'isKnown'>, work: () => Promise<T>): Promise<T | Refused> {
      const allowance = isKnown ? null : hashed.take('');
      if (allowance && !allowance.allowed) return refuse('busy', allowance.retryAfterMs);
      const done = await lanes[isKnown ? 'known' : 'stranger'].run(async () => ({ result: await work() }));
      return done === null ? refuse('busy', BUSY_SECONDS * SECOND) : done.result;
    },

    /** Somebody signed in: he is no stranger there any more. */
    async remember(person: PersonRow, { address }: Origin): Promise<void> {
      const now = clock.now();
      const before = now - KNOWN_FOR_MS;
      await store.rememberAddress({ personId: person.id, address: clientKey(address), now, before });
    },
  };
}

export type Gate = ReturnType<typeof createGate>;

export const isRefused = (outcome: object): outcome is Refused => 'seconds' in outcome;
