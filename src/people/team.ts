import { failValidation, PayCoreError } from '../core/errors.ts';
import type { DeskLocale } from '../core/locale.ts';
import type { Role } from '../core/person.ts';
import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { PEOPLE_ERRORS } from './errors.ts';
import { linkUrl, makeLink } from './links.ts';
import { forgetGuesses } from './login/limits.ts';
import { checkPersonFields, EMAIL_TAKEN } from './people.ts';

/** What an owner does with the people of the desk. */

type Parts = Pick<Deps, 'store' | 'clock' | 'random' | 'publicUrl'>;

export interface Invitation {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly mayRefund: boolean;
  readonly locale?: DeskLocale | null;
}

export interface Invited {
  readonly person: PersonRow;
  /** Shown once: whoever has it sets the password. */
  readonly url: string;
}

/** Throws VALIDATION_FAILED naming every bad field. */
export async function invitePerson(parts: Parts, invitation: Invitation): Promise<Invited> {
  const { store, clock, publicUrl } = parts;
  const { email, name } = checkPersonFields({ email: invitation.email, name: invitation.name });
  const link = makeLink(parts);
  const person = await store.addPerson({
    email,
    name,
    role: invitation.role,
    mayRefund: invitation.role === 'staff' && invitation.mayRefund,
    locale: invitation.locale ?? null,
    passwordHash: null,
    ...link.fields,
    isFirst: false,
    now: clock.now(),
  });
  if (!person) throw failValidation({ email: [EMAIL_TAKEN] });
  return { person, url: linkUrl(publicUrl, link.token) };
}

export interface TeamChange {
  readonly before: PersonRow;
  readonly after: PersonRow;
}

interface Change {
  readonly fields: Readonly<Partial<Pick<PersonRow, 'role' | 'mayRefund' | 'disabledAt'>>>;
  readonly endsSessions: boolean;
}

/** Throws PERSON_NOT_FOUND, PERSON_IS_SELF or LAST_OWNER. */
async function change(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  by: { readonly id: number },
  id: number,
  decide: (before: PersonRow) => Change,
): Promise<TeamChange> {
  const before = await store.findPerson(id);
  if (!before) throw new PayCoreError(PEOPLE_ERRORS.PERSON_NOT_FOUND);
  // Shutting oneself out is a mistake more often than a wish.
  if (by.id === id) throw new PayCoreError(PEOPLE_ERRORS.PERSON_IS_SELF);
  const decided = decide(before);
  const isDone = await store.changePerson(id, { ...decided, now: clock.now() });
  if (!isDone) throw new PayCoreError(PEOPLE_ERRORS.LAST_OWNER);
  return { before, after: { ...before, ...decided.fields } };
}

export function changeRole(parts: Parts, by: { readonly id: number }, id: number, role: Role) {
  return change(parts, by, id, () => ({
    fields: { role, ...(role === 'owner' ? { mayRefund: false } : {}) },
    endsSessions: true,
  }));
}

export function changeMayRefund(parts: Parts, by: { readonly id: number }, id: number, mayRefund: boolean) {
  return change(parts, by, id, () => ({ fields: { mayRefund }, endsSessions: false }));
}

/** Disabled people cannot come in, and whoever is in is not any more. Nothing of what they did is forgotten. */
export function changeDisabled(parts: Parts, by: { readonly id: number }, id: number, isDisabled: boolean) {
  const now = parts.clock.now();
  return change(parts, by, id, ({ disabledAt }) => ({
    fields: { disabledAt: isDisabled ? (disabledAt ?? now) : null },
    endsSessions: isDisabled,
  }));
}

export interface ResetOptions {
  /** The phone is gone as well. */
  readonly dropsTotp: boolean;
}

/** A new one-time link for who is locked out, or let the first one pass. The password, and every session, ends at once. */
export async function resetPerson(
  parts: Parts & Pick<Deps, 'vault'>,
  person: PersonRow,
  { dropsTotp }: ResetOptions,
): Promise<Invited> {
  const { store, clock, publicUrl } = parts;
  const link = makeLink(parts);
  const fields = {
    passwordHash: null,
    ...link.fields,
    ...(dropsTotp ? { totpSecret: null, totpStep: null, recoveryCodes: [] } : {}),
  };
  await store.changePerson(person.id, { fields, endsSessions: true, now: clock.now() });
  await forgetGuesses(parts, person.email);
  return { person: { ...person, ...fields }, url: linkUrl(publicUrl, link.token) };
}

/** What is written down of a person: nothing by which anybody could come in. */
export function summarizePerson({ email, name, role, mayRefund, disabledAt, totpSecret }: PersonRow) {
  return { email, name, role, may_refund: mayRefund, disabled: disabledAt !== null, totp: totpSecret !== null };
}
