import type { Deps } from '../deps.ts';
import type { PersonRow } from '../store/queries/people.ts';

/** Who did something, where there is no session: whoever signs in, and whoever runs a command. */
export interface AuditActor {
  readonly personId: number | null;
  readonly who: string;
  readonly address: string;
}

export interface AuditFacts {
  readonly action: string;
  readonly about: string;
  /** `done` unless something was refused; then a word why. */
  readonly outcome?: string;
  readonly before?: Readonly<Record<string, unknown>>;
  /** Never a secret. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Whoever has a shell on the machine. */
export const COMMAND_LINE: AuditActor = { personId: null, who: 'command line', address: '' };

export const actorOf = ({ id, name }: Pick<PersonRow, 'id' | 'name'>, address: string): AuditActor => ({
  personId: id,
  who: name,
  address,
});

/** Writes down what was done. What a person does at the desk is written down by the desk itself, begun before and ended after. */
export async function recordAudit(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  actor: AuditActor,
  { action, about, outcome = 'done', before, after }: AuditFacts,
): Promise<void> {
  const id = await store.beginAudit({ ...actor, action, about, now: clock.now() });
  await store.endAudit(id, { outcome, before: before ?? null, after: after ?? null });
}
