import { failValidation } from '../core/errors.ts';
import { checkFields, type Field } from '../core/fields.ts';
import type { DeskLocale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { findWeakness, hashPassword, MAX_PASSWORD, MIN_PASSWORD, type Weakness } from './passwords.ts';

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

/** Of an address that somebody else signs in by. */
export const EMAIL_TAKEN = 'The email field is an address that somebody here has already.';

const WEAK: Readonly<Record<Weakness, string>> = {
  short: `The password field must have at least ${MIN_PASSWORD} characters.`,
  long: `The password field may not be longer than ${MAX_PASSWORD} characters.`,
  uniform: 'The password field must have at least 5 different characters.',
  common: 'The password field must not be made of what is guessed first: common passwords, your name, your address.',
};

export interface FirstOwner {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly locale?: DeskLocale;
}

/** A checked address, in the one form that is stored. Throws VALIDATION_FAILED naming every bad field. */
export function checkPersonFields(given: Readonly<Record<string, unknown>>): { email: string; name: string } {
  const { values, errors } = checkFields(given, PERSON_FIELDS);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  return tidy(values as { email: string; name: string });
}

/** The same, and a password for it. */
export async function checkPerson(given: Readonly<Record<string, unknown>>, password: string) {
  const { values, errors } = checkFields(given, PERSON_FIELDS);
  const weakness = findWeakness(password, { email: textOf(given.email), name: textOf(given.name) });
  const all = { ...errors, ...(weakness === null ? {} : { password: [WEAK[weakness]] }) };
  if (Object.keys(all).length > 0) throw failValidation(all);
  return { ...tidy(values as { email: string; name: string }), passwordHash: await hashPassword(password) };
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function tidy({ email, name }: { email: string; name: string }): { email: string; name: string } {
  return { email: email.trim().toLowerCase(), name: name.trim() };
}

/** In the words of the field tables. */
export function sayWeakness(weakness: Weakness): string {
  return WEAK[weakness];
}

/** Throws VALIDATION_FAILED for a password that may not be. */
export function failWeak(password: string, owner: { readonly email: string; readonly name: string }): void {
  const weakness = findWeakness(password, owner);
  if (weakness !== null) throw failValidation({ password: [WEAK[weakness]] });
}
