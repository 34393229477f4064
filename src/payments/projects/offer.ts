import { comparePlaces, isOffered, MAX_POSITION, type ProjectSettings } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import type { Gateways } from '../../gateways/registry.ts';
import { listMethods, type NamedMethod, requireMethod } from './projects.ts';

/** What payers who choose are offered: which methods, and in which order. */

export interface OfferedMethod extends NamedMethod {
  readonly isOffered: boolean;
  /** As it was set; null: behind those that have one. */
  readonly position: number | null;
}

/** What payers are offered, in their order, and then what they are not. */
export function listOffer(gateways: Gateways, settings: ProjectSettings): readonly OfferedMethod[] {
  const all = listMethods(gateways)
    .toSorted(comparePlaces(settings))
    .map((one) => ({
      ...one,
      isOffered: isOffered(settings, one.name, one.method.inCheckout !== false),
      position: settings.methods?.[one.name]?.position ?? null,
    }));
  return [...all.filter((one) => one.isOffered), ...all.filter((one) => !one.isOffered)];
}

type Parts = Pick<Deps, 'store' | 'gateways'>;

/**
 * Puts the methods that are offered into this order; those that are not named stay behind them as they were, and names of
 * none that is offered count for nothing: the page may be older than the last change.
 */
export async function arrangeOffer(deps: Parts, projectId: number, wanted: readonly string[]): Promise<void> {
  const offered = namesOffered(deps.gateways, await deps.store.findSettings(projectId));
  const first = [...new Set(wanted)].filter((name) => offered.includes(name));
  await writeOrder(deps, projectId, [...first, ...offered.filter((name) => !first.includes(name))]);
}

export type Direction = 'up' | 'down';

/** One place up or down; at the end of the list nothing changes. */
export async function moveOffered(deps: Parts, projectId: number, name: string, to: Direction): Promise<void> {
  const settings = await deps.store.findSettings(projectId);
  await writeOrder(deps, projectId, move(namesOffered(deps.gateways, settings), name, to));
}

/** The list with one of its members a place further up or down. */
export function move(list: readonly string[], member: string, to: Direction): readonly string[] {
  const from = list.indexOf(member);
  const other = from + (to === 'up' ? -1 : 1);
  if (from < 0 || other < 0 || other >= list.length) return list;
  return list.with(from, list[other] ?? member).with(other, member);
}

function namesOffered(gateways: Gateways, settings: ProjectSettings): readonly string[] {
  return listOffer(gateways, settings).flatMap((one) => (one.isOffered ? [one.name] : []));
}

async function writeOrder({ store }: Parts, projectId: number, order: readonly string[]): Promise<void> {
  const places = order.slice(0, MAX_POSITION).map((name, index) => [name, { position: index + 1 }] as const);
  await store.changeProject(projectId, { fields: {}, methods: Object.fromEntries(places) });
}

/** A method that is offered anew comes last: its former place may be another's by now. */
export async function setOffered(deps: Parts, projectId: number, name: string, enabled: boolean): Promise<void> {
  requireMethod(deps.gateways, name);
  await deps.store.changeProject(projectId, { fields: {}, methods: { [name]: { enabled, position: null } } });
}
