import type { Allowance } from '../../core/allowance.ts';
import { HOUR, MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Vault } from '../../security/vault.ts';

/**
 * How often somebody may try to sign in. Three kinds of counters, so that whoever guesses shuts out himself and nobody else:
 *
 * - of an **address** (of IPv6 the /64): every try that shows no device.
 * - of an account, for **strangers**: tries from addresses that never signed in to it. Many addresses together get no further
 *   with one account than this. Its owner is at an address, or has a browser, that signed in before: not counted here.
 * - of a **device**: a browser that signed in to this account keeps a signed cookie (until the password is changed) and has a
 *   counter of its own, which neither of the others can use up: not somebody behind the same address, nor a proxy that
 *   makes everybody come from one.
 *
 * Counters are rows: a restart, or a second node, starts nobody afresh. A try is taken before the password is looked at, so
 * that a thousand at once are no more than a thousand in turn, and given back when it was right.
 */
export type LimitKind = 'address' | 'strangers' | 'device';
/** What is guessed: the password, or the code behind it. */
export type Guessed = 'password' | 'code';

/**
 * A password guessed at for a year by a thousand addresses: 100 + 43,800 tries, and no password that is taken here is
 * among the first million. A code (three of a million are right at a time): 20 + 17,520 tries a year, only by who has the
 * password already.
 */
export const LOGIN_LIMITS: Readonly<Record<Guessed, Readonly<Record<LimitKind, Allowance>>>> = {
  password: {
    address: { burst: 10, everyMs: 3 * MINUTE },
    strangers: { burst: 100, everyMs: 12 * MINUTE },
    device: { burst: 10, everyMs: 3 * MINUTE },
  },
  code: {
    address: { burst: 10, everyMs: 3 * MINUTE },
    strangers: { burst: 20, everyMs: HOUR / 2 },
    device: { burst: 10, everyMs: 3 * MINUTE },
  },
};

/** Who tries, and at which account: `account` is what was typed, whether there is such a person or not. */
export interface Caller {
  /** As `clientKey` says it. */
  readonly address: string;
  readonly account: string;
  /** The id of a device that is known to this account. */
  readonly device: string | null;
  /** This address has signed in to this account. */
  readonly isKnownAddress: boolean;
}

/** One counter that a try takes from. */
export interface Counter {
  readonly name: string;
  readonly kind: LimitKind;
  readonly allowance: Allowance;
}

/** What a try is taken from. Names of accounts are hashed: what was typed may be a password. */
export function countersOf(
  { fingerprint }: Pick<Vault, 'fingerprint'>,
  guessed: Guessed,
  { address, account, device, isKnownAddress }: Caller,
): readonly Counter[] {
  const short = (text: string) =>
    Buffer.from(fingerprint(`login ${text}`))
      .toString('base64url')
      .slice(0, 22);
  const counter = (kind: LimitKind, who: string): Counter => ({
    name: `${guessed} ${kind} ${who}`,
    kind,
    allowance: LOGIN_LIMITS[guessed][kind],
  });
  if (device !== null) return [counter('device', short(`${account} ${device}`))];
  const own = counter('address', address);
  return isKnownAddress ? [own] : [own, counter('strangers', short(account))];
}

/** Whoever was locked out by those who guess at his account is not any more. */
export async function forgetGuesses({ store, vault }: Pick<Deps, 'store' | 'vault'>, account: string): Promise<void> {
  const stranger = { address: '', account, device: null, isKnownAddress: false };
  const all = (['password', 'code'] as const).flatMap((guessed) => countersOf(vault, guessed, stranger));
  await store.forgetLogin(all.filter(({ kind }) => kind === 'strangers').map(({ name }) => name));
}
