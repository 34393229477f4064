import type { Bound } from '../bind.ts';
import * as logins from '../commands/people/logins.ts';
import * as people from '../commands/people/people.ts';
import * as find from '../queries/logins.ts';
import type { PersonRow } from '../queries/people.ts';

/** Signing in at the desk, and what is looked up of it. */
export interface LoginStore {
  /** Counts a try under each; gives how long to wait, 0 when it may be made. */
  takeLogin(counters: readonly logins.LoginCounter[], now: number): Promise<number>;
  /** It was no guess. */
  giveBackLogin(counters: readonly logins.LoginCounter[]): Promise<void>;
  /** Nothing is missing of these any more. */
  forgetLogin(names: readonly string[]): Promise<void>;
  isKnownAddress(where: Parameters<typeof find.isKnownAddress>[1]): Promise<boolean>;
  rememberAddress(where: Parameters<typeof logins.rememberAddress>[1]): Promise<void>;
  /** False: this code, or a later one, was used already. */
  useTotpStep(personId: number, step: number): Promise<boolean>;
  /** How many are left; null when it is none of them any more. */
  useRecoveryCode(personId: number, hash: string): Promise<number | null>;
  /** False: somebody else has this address. */
  changeEmail(personId: number, email: string, now: number): Promise<boolean>;
  /** Sets the password by a one-time link; null when it was used, or is too old. */
  acceptLink(link: Parameters<typeof people.acceptLink>[1]): Promise<PersonRow | null>;
  /** Whose one-time link this is; null when it was used, or is too old. */
  findPersonByLink(hash: Uint8Array, now: number): Promise<PersonRow | null>;
  /** Where a person is signed in, the one used last first. */
  listSessions(personId: number, now: number): Promise<readonly find.SessionEntry[]>;
  /** Newest first. */
  listAudit(query: find.AuditQuery): Promise<readonly find.AuditEntry[]>;
  /** Every kind of action there is an entry of. */
  listAuditActions(): Promise<readonly string[]>;
}

export function loginStore({ query, command }: Bound): LoginStore {
  return {
    takeLogin: command(logins.takeLogin),
    giveBackLogin: command(logins.giveBackLogin),
    forgetLogin: command(logins.forgetLogin),
    isKnownAddress: query(find.isKnownAddress),
    rememberAddress: command(logins.rememberAddress),
    useTotpStep: command(logins.useTotpStep),
    useRecoveryCode: command(logins.useRecoveryCode),
    changeEmail: command(people.changeEmail),
    acceptLink: command(people.acceptLink),
    findPersonByLink: query(find.findPersonByLink),
    listSessions: query(find.listSessions),
    listAudit: query(find.listAudit),
    listAuditActions: query(find.listAuditActions),
  };
}
