import type { Bound } from '../bind.ts';
import * as audit from '../commands/people/audit.ts';
import * as installer from '../commands/people/installer.ts';
import * as people from '../commands/people/people.ts';
import * as sessions from '../commands/people/sessions.ts';
import * as find from '../queries/people.ts';

/** People of the desk, their sessions, and what they changed. */
export interface PeopleStore {
  /** Whether there is anybody yet. */
  hasPeople(): Promise<boolean>;
  /** Keeps the hash of a link's token by which the first administrator is made, in the place of this process's last one. */
  addInstaller(link: installer.InstallerLink): Promise<void>;
  /** Hashes of the tokens that are good. */
  listInstallers(): Promise<readonly string[]>;
  /** Null when the address is taken, or, for the `first`, when there is somebody already. */
  addPerson(person: people.NewPerson): Promise<find.PersonRow | null>;
  findPerson(id: number): Promise<find.PersonRow | null>;
  findPersonByEmail(email: string): Promise<find.PersonRow | null>;
  /** In the order they came. */
  listPeople(): Promise<readonly find.PersonRow[]>;
  /** `endsSessions`: who was signed in as this person is not any more, but for the session `kept`. False: no owner would be left. */
  changePerson(id: number, change: people.PersonChange): Promise<boolean>;
  addSession(session: sessions.NewSession): Promise<void>;
  /** Null when it has ended, or its person may not come in any more. */
  findSession(hash: Uint8Array, now: number): Promise<find.SignedIn | null>;
  touchSession(id: number, now: number, expiresAt: number): Promise<void>;
  /** False when this person has no such session. */
  endSession(personId: number, id: number): Promise<boolean>;
  /** All but the session `kept`. */
  endSessions(personId: number, kept?: number): Promise<void>;
  /** Written before the change; gives the entry's id. */
  beginAudit(entry: audit.NewAuditEntry): Promise<number>;
  endAudit(id: number, end: audit.AuditEnd): Promise<void>;
}

export function peopleStore({ query, command }: Bound): PeopleStore {
  return {
    hasPeople: query(find.hasPeople),
    addInstaller: command(installer.addInstaller),
    listInstallers: query(installer.listInstallers),
    addPerson: command(people.addPerson),
    findPerson: query(find.findPerson),
    findPersonByEmail: query(find.findPersonByEmail),
    listPeople: query(find.listPeople),
    changePerson: command(people.changePerson),
    addSession: command(sessions.addSession),
    findSession: query(find.findSession),
    touchSession: command(sessions.touchSession),
    endSession: command(sessions.endSession),
    endSessions: command(sessions.endSessions),
    beginAudit: command(audit.beginAudit),
    endAudit: command(audit.endAudit),
  };
}
