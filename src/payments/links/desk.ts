import type { Link } from '../../core/link.ts';
import type { KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { makeCursor, readCursor } from '../reports/cursor.ts';

/** Payment links as the merchant sees them, across his projects. */

export interface LinkPage {
  readonly links: readonly Link[];
  /** Null: this was the last page. */
  readonly next: string | null;
}

/** Rows of a page. */
const PAGE = 50;

/**
 * One page of the links of these projects, newest first: each project's own list is read as far as the page could need,
 * a stretch of its index, and they are few. Throws VALIDATION_FAILED for a cursor of another list.
 */
export async function listDeskLinks(
  deps: Pick<Deps, 'store' | 'vault'>,
  view: { readonly projectIds: readonly number[]; readonly kind: KeyKind },
  cursor: string | null,
): Promise<LinkPage> {
  const list = `desk links ${view.kind}`;
  const before = cursor === null ? null : (readCursor(deps, list, cursor)[0] ?? null);
  const read = { keyKind: view.kind, before, limit: PAGE + 1 };
  const found = await Promise.all(view.projectIds.map((projectId) => deps.store.listLinks({ ...read, projectId })));
  const all = found.flat().sort((a, b) => b.id - a.id);
  const links = all.slice(0, PAGE);
  const last = links.at(-1);
  return { links, next: last && all.length > PAGE ? makeCursor(deps, list, [last.id]) : null };
}

/** Nobody begins to pay through it any more. */
export function closeDeskLink({ store, clock }: Pick<Deps, 'store' | 'clock'>, { id }: Link): Promise<Link> {
  return store.closeLink(id, clock.now());
}

/** A filled-in form as the body that the API takes: what was left empty is not in it. */
export function readLinkForm(form: {
  text(name: string): string;
  isOn(name: string): boolean;
}): Readonly<Record<string, unknown>> {
  const isOpen = form.text('kind') === 'open';
  const amounts = isOpen ? (['min_amount', 'max_amount'] as const) : (['amount'] as const);
  const names = ['title', 'currency', 'expires_at', ...amounts];
  const given = names.map((name) => [name, cleanNumber(name, form.text(name))] as const);
  return {
    ...Object.fromEntries(given.filter(([name, value]) => value !== '' || name === 'amount')),
    single_use: form.isOn('single_use'),
  };
}

/** People write commas between thousands. */
function cleanNumber(name: string, text: string): string {
  return name.endsWith('amount') ? text.normalize('NFKC').replace(/(?<=\d),(?=\d{3}(?:\D|$))/g, '') : text;
}
