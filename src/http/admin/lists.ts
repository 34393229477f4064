import type { View } from '../../pages/admin/frame.ts';
import type { FilterField } from '../../pages/admin/parts/filters.tsx';
import type { DeskQuery } from '../../payments/reports/desk-query.ts';
import type { Visit } from './desk.ts';
import { withoutEmpty } from './query.ts';

/** What the pages of lists have in common. */

/** A form that is left half empty asks for much that is nothing: the address that is kept and passed on is without it. */
export function cleanAddress(url: URL): string | null {
  const kept = withoutEmpty(url.searchParams);
  if (kept.size === url.searchParams.size) return null;
  const query = kept.toString();
  return query === '' ? url.pathname : `${url.pathname}?${query}`;
}

/** Names of projects, where those of more than one are in view. */
export function projectNames({ projects, view }: Visit): (id: number) => string | null {
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  return (id) => (view.projectId === null && names.size > 1 ? (names.get(id) ?? null) : null);
}

export const scopeOf = ({ projectId, kind }: View) => ({ projectId, keyKind: kind });

type Given = Pick<DeskQuery<unknown>, 'given'>;

export function choiceField(
  { given }: Given,
  name: string,
  label: string,
  options: readonly { readonly value: string; readonly label: string }[],
): FilterField {
  return { type: 'choice', name, label, options, value: given[name] ?? '' };
}

export function dayFields({ say }: Pick<Visit, 'say'>, { given }: Given): readonly FilterField[] {
  return (['from', 'to'] as const).map((name) => ({
    type: 'day',
    name,
    label: say(`list.${name}`),
    value: given[name] ?? '',
  }));
}

/** What is to be said at days that were not understood. */
export function sayWrong({ say }: Pick<Visit, 'say'>, { wrong }: Pick<DeskQuery<unknown>, 'wrong'>) {
  return Object.fromEntries(Object.entries(wrong).map(([name, what]) => [name, say(`list.${what}`)]));
}
