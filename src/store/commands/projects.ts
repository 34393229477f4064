import { changeSettings, completeEvents, type SettingsChange } from '../../core/settings.ts';
import { checkStoredSettings, findProjectByName, type Project, type ProjectLimits } from '../queries/projects.ts';
import { addRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/** The project of that name, made with `sealedSecret` when there is none yet. */
export async function ensureProject(tx: Tx, name: string, sealedSecret: Uint8Array, now: number): Promise<Project> {
  const known = (await findProjectByName(tx, name)) ?? (await addProject(tx, name, sealedSecret, now));
  // Somebody else may have made it just now.
  const project = known ?? (await findProjectByName(tx, name));
  if (!project) throw new Error(`project ${name} could not be made`);
  return project;
}

/** A new project; null when there is one of that name. */
export async function addProject(tx: Tx, name: string, sealedSecret: Uint8Array, now: number): Promise<Project | null> {
  const isNew = await addRow(tx, 'projects', {
    name,
    notificationSecret: sealedSecret,
    limits: {},
    settings: {},
    events: completeEvents([]),
    createdAt: now,
  });
  return isNew ? findProjectByName(tx, name) : null;
}

/** Payments, keys and everything else know their project by its id. False when another has the name, or there is none. */
export async function renameProject(tx: Tx, id: number, name: string): Promise<boolean> {
  await tx.lock('project names');
  const holder = await findProjectByName(tx, name);
  return holder === null ? (await patchRow(tx, 'projects', id, { name })) > 0 : holder.id === id;
}

/** Makes a change to what is stored at that moment: two that come at once both count. */
export async function changeProject(tx: Tx, projectId: number, change: SettingsChange): Promise<void> {
  const project = await lockRow(tx, 'projects', { id: projectId });
  if (!project) return;
  await patchRow(tx, 'projects', projectId, {
    settings: changeSettings(checkStoredSettings(project.settings), change),
    ...(change.events === undefined ? {} : { events: completeEvents(change.events) }),
  });
}

/** Puts a new notification secret in place; the one it replaces signs along until then. */
export async function rotateSecret(
  tx: Tx,
  projectId: number,
  sealed: Uint8Array,
  previousUntil: number,
): Promise<void> {
  const project = await lockRow(tx, 'projects', { id: projectId });
  if (!project) return;
  await patchRow(tx, 'projects', projectId, {
    notificationSecret: sealed,
    previousSecret: project.notificationSecret,
    previousSecretUntil: previousUntil,
  });
}

/** Sets a project's own terms for one method, or takes them back with null. */
export async function setLimit(
  tx: Tx,
  projectId: number,
  name: string,
  limit: ProjectLimits[string] | null,
): Promise<void> {
  const project = await lockRow(tx, 'projects', { id: projectId });
  if (!project) return;
  const { [name]: _, ...others } = project.limits;
  await patchRow(tx, 'projects', projectId, { limits: limit === null ? others : { ...others, [name]: limit } });
}
