import { failValidation } from '../core/errors.ts';
import type { DeskLocale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { findWeakness, hashPassword, type Weakness } from './passwords.ts';
import { checkPersonFields, EMAIL_TAKEN } from './people.ts';

/** What people change about themselves. Where the password is asked for, the desk has checked it before. */

type Parts = Pick<Deps, 'store' | 'clock'>;

/** Throws VALIDATION_FAILED naming the bad field. */
export async function changeProfile(
  { store, clock }: Parts,
  person: PersonRow,
  { name: given, locale }: { readonly name: string; readonly locale: DeskLocale | null },
): Promise<void> {
  const { name } = checkPersonFields({ email: person.email, name: given });
  await store.changePerson(person.id, { fields: { name, locale }, endsSessions: false, now: clock.now() });
}

/** Throws VALIDATION_FAILED naming the bad field. Gives the address as it is kept. */
export async function changeEmail({ store, clock }: Parts, person: PersonRow, given: string): Promise<string> {
  const { email } = checkPersonFields({ email: given, name: person.name });
  if (!(await store.changeEmail(person.id, email, clock.now()))) throw failValidation({ email: [EMAIL_TAKEN] });
  return email;
}

/** Whoever else is signed in as this person is not any more. */
export async function changePassword(
  { store, clock }: Parts,
  person: PersonRow,
  { password, keptSession }: { readonly password: string; readonly keptSession?: number },
): Promise<PersonRow | Weakness> {
  const weakness = findWeakness(password, person);
  if (weakness !== null) return weakness;
  const fields = { passwordHash: await hashPassword(password), linkHash: null, linkUntil: null };
  const kept = keptSession === undefined ? {} : { keptSession };
  await store.changePerson(person.id, { fields, endsSessions: true, ...kept, now: clock.now() });
  return { ...person, ...fields };
}
