import { HOUR, MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { createRateLimiter } from '../../security/ratelimit.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import { actorOf, recordAudit } from '../audit.ts';
import type { SecondFactor } from '../second-factor/check.ts';
import type { createSessions } from '../sessions.ts';
import { createTokens } from '../tokens.ts';
import { createDevices, passwordMark } from './devices.ts';
import { createGate, type Origin, type Refused } from './gate.ts';

export type AdmissionParts = Pick<Deps, 'store' | 'vault' | 'clock' | 'random'>;

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

/** Between password and code. */
const TICKET_MS = 5 * MINUTE;
/** Accounts that nobody has are not written down by name: what is typed there may be a password. */
const UNKNOWN = 'unknown account';

/** What follows from a try that was right, wrong, or one too many. */
export function createAdmission(parts: AdmissionParts, sessions: ReturnType<typeof createSessions>) {
  const { store, vault, clock } = parts;
  const devices = createDevices(parts);
  const gate = createGate(parts, devices);
  const tickets = createTokens(parts, 'second factor ticket');
  // A thousand refused tries are one line.
  const told = createRateLimiter({ limit: 1, windowMs: HOUR, now: clock.now, maxKeys: 1000 });
  const alarmed = createRateLimiter({ limit: 1, windowMs: HOUR, now: clock.now, maxKeys: 1 });

  const note = (action: string, person: PersonRow | null, { address }: Origin, outcome: string): Promise<void> => {
    const actor = person ? actorOf(person, address) : { personId: null, who: '', address };
    return recordAudit(parts, actor, { action, about: person?.email ?? UNKNOWN, outcome });
  };

  /**
   * Nobody watches the audit. Once an hour at most, whoever is guessed at from wherever, and on whichever node: the audit
   * has the rest. Who guesses at accounts that nobody has opens nothing and alarms nobody.
   */
  const alarm = async (person: PersonRow | null, { address }: Origin): Promise<void> => {
    if (person === null || !alarmed.take('').allowed) return;
    const now = clock.now();
    const about = new Date(now).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
    await store.raiseAlert({ kind: 'login_lockout', about, data: { address, account: person.email } }, now);
  };

  const refuse = async (
    action: string,
    person: PersonRow | null,
    origin: Origin,
    refused: Refused,
  ): Promise<Refused> => {
    if (refused.kind === 'wait') {
      if (told.take(`${action} ${origin.address}`).allowed) await note(action, person, origin, 'too_many');
      await alarm(person, origin);
    }
    return refused;
  };

  const letIn = async (person: PersonRow, origin: Origin, factor: SecondFactor | null): Promise<SignedIn> => {
    await gate.remember(person, origin);
    const sessionCookie = await sessions.open(person, origin);
    const deviceCookie = await devices.remember(origin.deviceCookie, person);
    const codesLeft = factor?.by === 'recovery' ? factor.left : null;
    return { kind: 'in', person, sessionCookie, deviceCookie, codesLeft };
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

  /** Whose ticket it is. Null: it is none, or too old, or the password was changed since, or the person shut out. */
  const readTicket = async (text: string | null): Promise<PersonRow | null> => {
    const ticket = await tickets.read(text);
    const person = ticket === null ? null : await store.findPerson(Number(ticket.sub));
    const isGood = person?.disabledAt === null && ticket?.mark === passwordMark(vault, person);
    return isGood ? person : null;
  };

  return { gate, devices, note, refuse, letIn, goOn, readTicket };
}
