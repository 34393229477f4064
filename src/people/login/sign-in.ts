import { HOUR, MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { createRateLimiter } from '../../security/ratelimit.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import { actorOf, recordAudit } from '../audit.ts';
import { checkPassword } from '../passwords.ts';
import { type SecondFactor, useSecondFactor } from '../second-factor/check.ts';
import type { createSessions } from '../sessions.ts';
import { createTokens } from '../tokens.ts';
import { createDevices, passwordMark } from './devices.ts';
import { createGate, isRefused, type Origin, type Refused } from './gate.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'random'>;

/** Somebody is in: what his browser keeps. */
export interface SignedIn {
  readonly kind: 'in';
  readonly person: PersonRow;
  readonly sessionCookie: string;
  readonly deviceCookie: string;
  /** How many recovery codes are left, when one was used. */
  readonly codesLeft: number | null;
}

/** The password was right, and a code is asked for. `ticket` is shown again with it. */
export interface CodeAsked {
  readonly kind: 'code';
  readonly ticket: string;
}

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

/** Between password and code. */
const TICKET_MS = 5 * MINUTE;
/** Longer than any address that is stored. */
const MAX_TYPED = 300;
/** Accounts that nobody has are not written down by name: what is typed there may be a password. */
const UNKNOWN = 'unknown account';

/** In the form in which addresses are stored. */
export const readAccount = (typed: string): string => typed.trim().toLowerCase().slice(0, MAX_TYPED);

/** `check`: of tests that are not about the work it is. */
export function createSignIn(parts: Parts, sessions: ReturnType<typeof createSessions>, check = checkPassword) {
  const { store, vault, clock, random } = parts;
  const devices = createDevices({ vault, clock, random });
  const gate = createGate(parts, devices);
  const tickets = createTokens(parts, 'second factor ticket');
  // A thousand refused tries are one line.
  const told = createRateLimiter({ limit: 1, windowMs: HOUR, now: clock.now, maxKeys: 1000 });

  const note = (action: string, person: PersonRow | null, { address }: Origin, outcome: string): Promise<void> => {
    const actor = person ? actorOf(person, address) : { personId: null, who: '', address };
    return recordAudit(parts, actor, { action, about: person?.email ?? UNKNOWN, outcome });
  };

  const refuse = async (
    action: string,
    person: PersonRow | null,
    origin: Origin,
    refused: Refused,
  ): Promise<Refused> => {
    if (refused.kind === 'wait' && told.take(`${action} ${origin.address}`).allowed)
      await note(action, person, origin, 'too_many');
    return refused;
  };

  const letIn = async (person: PersonRow, origin: Origin, factor: SecondFactor | null): Promise<SignedIn> => {
    await gate.remember(person, origin);
    const sessionCookie = await sessions.open(person, origin);
    const deviceCookie = await devices.remember(origin.deviceCookie, person);
    const codesLeft = factor?.by === 'recovery' ? factor.left : null;
    return { kind: 'in', person, sessionCookie, deviceCookie, codesLeft };
  };

  const confirmCode = async (person: PersonRow, code: string, origin: Origin): Promise<Confirmed> => {
    const pass = await gate.enter('code', person.email, person, origin);
    if (isRefused(pass)) return pass;
    if ((await useSecondFactor(parts, person, code)) === null) return { kind: 'wrong_code' };
    await pass.giveBack();
    return { kind: 'right' };
  };

  /** The password is settled; who has a second factor is asked for it. */
  const goOn = async (person: PersonRow, origin: Origin): Promise<SignedIn | CodeAsked> => {
    if (person.totpSecret !== null) {
      const ticket = await tickets.make({ sub: String(person.id), mark: passwordMark(vault, person) }, TICKET_MS);
      return { kind: 'code', ticket };
    }
    await note('login', person, origin, 'done');
    return letIn(person, origin, null);
  };

  return {
    async withPassword(typed: { email: string; password: string }, origin: Origin): Promise<PasswordOutcome> {
      const account = readAccount(typed.email);
      const found = await store.findPersonByEmail(account);
      const person = found?.disabledAt === null ? found : null;
      const pass = await gate.enter('password', account, person, origin);
      if (isRefused(pass)) return refuse('login', person, origin, pass);
      const fits = await gate.run(pass, async () => ({
        isRight: await check(typed.password, person?.passwordHash ?? null),
      }));
      if (isRefused(fits)) {
        await pass.giveBack();
        return fits;
      }
      if (person === null || !fits.isRight) {
        await note('login', person, origin, 'wrong_password');
        return { kind: 'wrong' };
      }
      await pass.giveBack();
      return goOn(person, origin);
    },

    async withCode(typed: { ticket: string | null; code: string }, origin: Origin): Promise<CodeOutcome> {
      const ticket = await tickets.read(typed.ticket);
      const person = ticket === null ? null : await store.findPerson(Number(ticket.sub));
      // The password may have been changed, or the person shut out, since it was given.
      const isGood = person !== null && person.disabledAt === null && ticket?.mark === passwordMark(vault, person);
      if (!isGood) return { kind: 'late' };
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

    /** For whoever has just set a password by a one-time link: it was asked for by nobody else, and nothing was guessed. */
    withLink: goOn,

    /** Asked again before something that matters, of somebody who is in: who finds a desk unlocked must not guess either. */
    async confirm(
      person: PersonRow,
      typed: { readonly password: string; readonly code?: string },
      origin: Origin,
    ): Promise<Confirmed> {
      const pass = await gate.enter('password', person.email, person, origin);
      if (isRefused(pass)) return pass;
      const fits = await gate.run(pass, async () => ({
        isRight: await check(typed.password, person.passwordHash),
      }));
      if (isRefused(fits)) {
        await pass.giveBack();
        return fits;
      }
      if (!fits.isRight) return { kind: 'wrong_password' };
      await pass.giveBack();
      return typed.code === undefined ? { kind: 'right' } : confirmCode(person, typed.code, origin);
    },

    /** The cookie of a browser whose person has just changed the password. */
    rememberDevice: (person: PersonRow, origin: Origin): Promise<string> =>
      devices.remember(origin.deviceCookie, person),
  };
}

export type SignIn = ReturnType<typeof createSignIn>;
