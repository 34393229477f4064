import { failValidation } from '../core/errors.ts';
import { checkFields, type Field } from '../core/fields.ts';
import type { Locale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { findWeakness, hashPassword, MAX_PASSWORD, MIN_PASSWORD } from './passwords.ts';

/** What a person is asked for: checks and forms are made from these rows. */
export const PERSON_FIELDS = [
  {
    name: 'email',
    type: 'string',
    required: true,
    max: 200,
    pattern: /^[^\s@]+@[^\s@]+$/,
    expected: 'an e-mail address',
    description: 'What one signs in by.',
    example: 'owner@shop.example',
  },
  {
    name: 'name',
    type: 'string',
    required: true,
    max: 100,
    pattern: /^(?=.*\S)[^\p{Cc}]+$/u,
    expected: 'text without control characters',
    description: 'What others see.',
    example: '王小明',
  },
] as const satisfies readonly Field[];

const WEAK: Readonly<Record<'short' | 'long' | 'uniform', string>> = {
  short: `The password field must have at least ${MIN_PASSWORD} characters.`,
  long: `The password field may not be longer than ${MAX_PASSWORD} characters.`,
  uniform: 'The password field must have at least 5 different characters.',
};

export interface FirstOwner {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly locale?: Locale;
}

/** A checked address, in the one form that is stored. Throws VALIDATION_FAILED naming every bad field. */
export async function checkPerson(given: Readonly<Record<string, unknown>>, password: string) {
  const { values, errors } = checkFields(given, PERSON_FIELDS);
  const weakness = findWeakness(password);
  const all = { ...errors, ...(weakness === null ? {} : { password: [WEAK[weakness]] }) };
  if (Object.keys(all).length > 0) throw failValidation(all);
  const { email, name } = values as { email: string; name: string };
  return { email: email.trim().toLowerCase(), name: name.trim(), passwordHash: await hashPassword(password) };
}

/** The one who owns the installation. Null when there is somebody already, whoever was first. */
export async function createFirstOwner(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { email, name, password, locale }: FirstOwner,
): Promise<PersonRow | null> {
  const checked = await checkPerson({ email, name }, password);
  return store.addPerson({
    ...checked,
    role: 'owner',
    locale: locale ?? null,
    linkHash: null,
    linkUntil: null,
    isFirst: true,
    now: clock.now(),
  });
}
