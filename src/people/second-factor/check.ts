import type { Deps } from '../../deps.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import { hashRecoveryCode, readRecoveryCode } from './recovery.ts';
import { findStep } from './totp.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'clock'>;

/** What was typed turned out to be: the app's code, or one from paper, with how many of those are left. */
export type SecondFactor = { readonly by: 'app' } | { readonly by: 'recovery'; readonly left: number };

const purposeOf = (personId: number): string => `second factor ${personId}`;

export function sealTotpSecret({ vault }: Pick<Deps, 'vault'>, personId: number, secret: string): Uint8Array {
  return vault.seal(purposeOf(personId), secret);
}

/** Uses the code up. Null: it is wrong, or was used before. */
export async function useSecondFactor(parts: Parts, person: PersonRow, typed: string): Promise<SecondFactor | null> {
  const { store, vault, clock } = parts;
  if (person.totpSecret === null) return null;
  const secret = vault.open(purposeOf(person.id), person.totpSecret);
  const step = findStep(secret, typed, { now: clock.now(), after: person.totpStep ?? 0 });
  if (step !== null) return (await store.useTotpStep(person.id, step)) ? { by: 'app' } : null;
  const code = readRecoveryCode(typed);
  const left = code === null ? null : await store.useRecoveryCode(person.id, hashRecoveryCode(vault, person.id, code));
  return left === null ? null : { by: 'recovery', left };
}
