import type { PersonRow } from '../store/queries/people.ts';

/** Passwords, as argon2id. The one file that knows who does the work: Bun, outside the thread that serves. */

/** Characters; long ones are what makes guessing hopeless. */
export const MIN_PASSWORD = 12;
/** Hashing more than this helps nobody but who wants to keep us busy. */
export const MAX_PASSWORD = 200;

/** OWASP's second choice of parameters: 19 MiB, 2 passes. */
const ARGON2 = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password.normalize('NFKC'), ARGON2);
}

/** A hash that no password fits: whoever has none costs as much time as whoever has one. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$cGF5Y29yZS1ub2JvZHktcw$Yz2yJm1qVwB0b7m3cQ0m5m3bQ1k2v9sFf5wQb3q8r1E';

/** `hash`: null for an account that does not exist or has no password yet. */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
  const fits = await Bun.password.verify(password.normalize('NFKC'), hash ?? NOBODY).catch(() => false);
  return fits && hash !== null;
}

/** What is wrong with a new password, in a word. */
export type Weakness = 'short' | 'long' | 'uniform' | 'common';

/** What those who guess begin with. Taken away, enough must be left. */
const COMMON =
  /password|passw0rd|p@ssw0rd|paycore|welcome|letmein|iloveyou|administrator|admin|dragon|monkey|qwerty(?:uiop)?|asdfgh(?:jkl)?|zxcvbn(?:m)?|1q2w3e4r(?:5t)?|1qaz2wsx(?:3edc)?|q1w2e3r4|abcdefg?h?i?j?|abc123|0?1234567?8?9?0?|0?9876543?2?1?0?|(?:19|20)\d\d/g;
const LEFT = 5;

/** Of whom the password is: his name and address are guessed first. */
type Owner = Pick<PersonRow, 'email' | 'name'>;

export function findWeakness(password: string, owner?: Owner): Weakness | null {
  const letters = [...password];
  if (letters.length < MIN_PASSWORD) return 'short';
  if (letters.length > MAX_PASSWORD) return 'long';
  if (new Set(letters).size < 5) return 'uniform';
  return leaveOut(password.toLowerCase(), owner).length < LEFT ? 'common' : null;
}

function leaveOut(password: string, owner: Owner | undefined): string {
  const own = [
    owner?.email ?? '',
    ...(owner?.email.split(/[@.]/) ?? []),
    ...(owner?.name.toLowerCase().split(/\s/) ?? []),
  ];
  const long = own.filter((word) => word.length >= 4);
  const stripped = long.reduce((text, word) => text.replaceAll(word, ''), password);
  // The same piece over and over counts once.
  return stripped.replace(COMMON, '').replace(/(.{1,6}?)\1+/g, '$1');
}
