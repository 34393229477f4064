import { failValidation } from '../../core/errors.ts';
import { makeNotificationSecret } from '../../core/ids.ts';
import { checkSettings } from '../../core/settings.ts';
import { DAY } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import type { Gateways } from '../../gateways/registry.ts';
import { checkTargetUrl } from '../../notify/target.ts';
import type { Brand } from '../../pages/checkout/model.ts';
import type { Project } from '../../store/queries/projects.ts';

export interface NamedMethod {
  /** `gateway/path`, as in routes, limits and settings. */
  readonly name: string;
  readonly gateway: Gateway;
  readonly method: Method;
}

/** Every method there is, in the order of the registry. */
export function listMethods(gateways: Gateways): readonly NamedMethod[] {
  return gateways.list.flatMap((gateway) =>
    gateway.methods.map((method) => ({ name: `${gateway.id}/${method.path}`, gateway, method })),
  );
}

/** A method by its name. Throws VALIDATION_FAILED. */
export function requireMethod(gateways: Gateways, name: string): NamedMethod {
  const all = listMethods(gateways);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const known = all.map((one) => one.name).join(', ');
  throw failValidation({ method: [`The method field must be one of: ${known}.`] });
}

/**
 * Changes a project's settings and wanted events (core/settings.ts, checkSettings). Throws VALIDATION_FAILED with every bad
 * field; then nothing was changed.
 */
export async function changeProject(
  deps: Pick<Deps, 'store' | 'config' | 'gateways'>,
  projectId: number,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { change, errors } = checkSettings(
    given,
    listMethods(deps.gateways).map(({ name }) => name),
  );
  const { payok_url } = change.fields;
  const target = payok_url ? checkTargetUrl(payok_url, deps.config.notifyAllow) : null;
  const fields = { ...errors, ...(target ? { payok_url: [target.message] } : {}) };
  if (Object.keys(fields).length > 0) throw failValidation(fields);
  await deps.store.changeProject(projectId, change);
}

/** How long a notification secret signs along after another has taken its place. */
const OVERLAP = DAY;
const PURPOSE = 'notification secret';

type Keeper = Pick<Deps, 'vault' | 'random'>;

/** A new notification secret, sealed. */
export function makeSealedSecret({ vault, random }: Keeper): Uint8Array {
  return vault.seal(PURPOSE, makeNotificationSecret(random));
}

export function openNotificationSecret({ vault }: Pick<Deps, 'vault'>, project: Project): string {
  return vault.open(PURPOSE, project.notificationSecret);
}

/** What a notification is signed with at that moment, the newest first. */
export function listSigningSecrets(
  deps: Pick<Deps, 'vault'>,
  project: Project,
  now: number,
): readonly [string, ...string[]] {
  const { previousSecret } = project;
  const isOver = previousSecret === null || now >= previousSecret.until;
  return [openNotificationSecret(deps, project), ...(isOver ? [] : [deps.vault.open(PURPOSE, previousSecret.sealed)])];
}

export interface Rotated {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly previousUntil: number;
}

/**
 * Gives a project another notification secret. For a day every notification carries a signature by the old one too, so
 * that the shop can change over without losing any; one that was replaced within that day already counts no more.
 */
export async function rotateSecret(deps: Keeper & Pick<Deps, 'store' | 'clock'>, projectId: number): Promise<Rotated> {
  const secret = makeNotificationSecret(deps.random);
  const previousUntil = deps.clock.now() + OVERLAP;
  await deps.store.rotateSecret(projectId, deps.vault.seal(PURPOSE, secret), previousUntil);
  return { secret, previousUntil };
}

/** The shop's name as payers read it. */
export function shopNameOf(project: Project | null): string {
  return project?.settings.display_name ?? project?.name ?? '';
}

export function brandOf(project: Project | null): Brand {
  const { accent = null, logo_url: logoUrl = null, contact = null } = project?.settings ?? {};
  return { accent, logoUrl, contact };
}
