import type { PersonRow } from '../../store/queries/people.ts';
import { checkPassword } from '../passwords.ts';
import { useSecondFactor } from '../second-factor/check.ts';
import type { createSessions } from '../sessions.ts';
import { type AdmissionParts, type CodeAsked, createAdmission, type SignedIn } from './admission.ts';
import { isRefused, type Origin, type Pass, type Refused } from './gate.ts';

export type { CodeAsked, SignedIn } from './admission.ts';

export type PasswordOutcome =
  | SignedIn
  | Refused
  /** No such account, or not its password: nobody is told which. */
  | { readonly kind: 'wrong' }
  | CodeAsked;

export type CodeOutcome =
  | SignedIn
  | Refused
  | { readonly kind: 'wrong' }
  /** The password was given too long ago. */
  | { readonly kind: 'late' };

export type Confirmed = Refused | { readonly kind: 'right' | 'wrong_password' | 'wrong_code' };

/** Longer than any address that is stored. */
const MAX_TYPED = 300;

/** In the form in which addresses are stored. */
const readAccount = (typed: string): string => typed.trim().toLowerCase().slice(0, MAX_TYPED);

/** `check`: of tests that are not about the work it is. */
export function createSignIn(
  parts: AdmissionParts,
  sessions: ReturnType<typeof createSessions>,
  check = checkPassword,
) {
  const { store } = parts;
  const admission = createAdmission(parts, sessions);
  const { gate, devices, note, refuse, letIn, goOn, readTicket } = admission;

  /** Looks at the password when it is its turn; a try that was right, or could not be made, is given back. */
  const tryPassword = async (pass: Pass, password: string, hash: string | null): Promise<boolean | Refused> => {
    const looked = await gate.run(pass, async () => ({ isRight: await check(password, hash) }));
    if (isRefused(looked) || looked.isRight) await pass.giveBack();
    return isRefused(looked) ? looked : looked.isRight;
  };

  return {
    async withPassword(typed: { email: string; password: string }, origin: Origin): Promise<PasswordOutcome> {
      const account = readAccount(typed.email);
      const found = await store.findPersonByEmail(account);
      const person = found?.disabledAt === null ? found : null;
      const pass = await gate.enter('password', account, person, origin);
      if (isRefused(pass)) return refuse('login', person, origin, pass);
      const isRight = await tryPassword(pass, typed.password, person?.passwordHash ?? null);
      if (typeof isRight === 'object') return isRight;
      if (person !== null && isRight) return goOn(person, origin);
      await note('login', person, origin, 'wrong_password');
      return { kind: 'wrong' };
    },

    async withCode(typed: { ticket: string | null; code: string }, origin: Origin): Promise<CodeOutcome> {
      const person = await readTicket(typed.ticket);
      if (person === null) return { kind: 'late' };
      const pass = await gate.enter('code', person.email, person, origin);
      if (isRefused(pass)) return refuse('login-code', person, origin, pass);
      const factor = await useSecondFactor(parts, person, typed.code);
      if (factor === null) {
        await note('login-code', person, origin, 'wrong_code');
        return { kind: 'wrong' };
      }
      await pass.giveBack();
      await note('login', person, origin, factor.by === 'app' ? 'done' : 'recovery_code');
      return letIn(person, origin, factor);
    },

    /** For whoever has just set a password by a one-time link: nothing was guessed. */
    withLink: goOn,

    /** Asked again before something that matters, of somebody who is in: who finds a desk unlocked must not guess either. */
    async confirm(
      person: PersonRow,
      typed: { readonly password: string; readonly code?: string },
      origin: Origin,
    ): Promise<Confirmed> {
      const pass = await gate.enter('password', person.email, person, origin);
      if (isRefused(pass)) return refuse('confirm-password', person, origin, pass);
      const isRight = await tryPassword(pass, typed.password, person.passwordHash);
      if (typeof isRight === 'object') return isRight;
      if (!isRight) return { kind: 'wrong_password' };
      if (typed.code === undefined) return { kind: 'right' };
      const codePass = await gate.enter('code', person.email, person, origin);
      if (isRefused(codePass)) return refuse('confirm-password', person, origin, codePass);
      if ((await useSecondFactor(parts, person, typed.code)) === null) return { kind: 'wrong_code' };
      await codePass.giveBack();
      return { kind: 'right' };
    },

    /** The cookie of a browser whose person has just changed the password. */
    rememberDevice: (person: PersonRow, origin: Origin): Promise<string> =>
      devices.remember(origin.deviceCookie, person),
  };
}

export type SignIn = ReturnType<typeof createSignIn>;
