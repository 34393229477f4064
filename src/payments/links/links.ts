import { failValidation, PayCoreError } from '../../core/errors.ts';
import { LINK_NO } from '../../core/ids.ts';
import { type Link, stateOf } from '../../core/link.ts';
import type { Locale } from '../../core/locale.ts';
import { formatDecimal, minorToMajor } from '../../core/money.ts';
import { readPageQuery } from '../../core/payment-query.ts';
import { formatInstant } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { LinkData } from '../../http/schema/link.ts';
import type { Caller } from '../caller.ts';
import { makeCursor, readCursor } from '../reports/cursor.ts';
import { LANGUAGE_OPEN } from '../urls.ts';
import { readLinkRequest } from './fields.ts';

/** Payment links as their shop sees them: made, listed, closed by a key. */

/** Path of a link's page. */
export function linkPath(linkNo: string, locale: Locale): string {
  return `/${locale}/link/${linkNo}`;
}

/** What is handed out to payers: in the language that the shop has named, else in the merchant's until the browser names another. */
export function linkUrl(
  { publicUrl, config }: Pick<Deps, 'publicUrl' | 'config'>,
  { linkNo, order }: Pick<Link, 'linkNo' | 'order'>,
): string {
  const url = publicUrl + linkPath(linkNo, order.locale ?? config.locale);
  return order.locale === undefined ? `${url}?${LANGUAGE_OPEN}` : url;
}

/** Throws VALIDATION_FAILED. */
export async function createLink(deps: Deps, caller: LinkOwner, body: Body): Promise<LinkData> {
  return serializeLink(deps, await addLink(deps, caller, body));
}

/** The same, as it is stored. Throws VALIDATION_FAILED. */
export function addLink(deps: Deps, { projectId, kind }: LinkOwner, body: Body): Promise<Link> {
  return deps.store.addLink({ ...readLinkRequest(body, { ...deps, now: deps.clock.now() }), projectId, keyKind: kind });
}

/** Whose links: those of a project and a kind of key. */
export type LinkOwner = Pick<Caller, 'projectId' | 'kind'>;
type Body = Readonly<Record<string, unknown>>;

export interface LinkList {
  readonly links: readonly LinkData[];
  /** Null: this was the last page. */
  readonly next_cursor: string | null;
}

/** One page of a key's links, newest first. Throws VALIDATION_FAILED. */
export async function listLinks(deps: Deps, { projectId, kind }: Caller, query: URLSearchParams): Promise<LinkList> {
  const { limit, cursor, errors } = readPageQuery(query);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const list = `links ${projectId} ${kind}`;
  const before = cursor === null ? null : (readCursor(deps, list, cursor)[0] ?? null);
  const found = await deps.store.listLinks({ projectId, keyKind: kind, before, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    links: page.map((link) => serializeLink(deps, link)),
    next_cursor: last && found.length > limit ? makeCursor(deps, list, [last.id]) : null,
  };
}

/** Nobody begins to pay through it any more. Closing again changes nothing. Throws LINK_NOT_FOUND. */
export async function closeLink(deps: Deps, caller: Caller, linkNo: string): Promise<LinkData> {
  const { id } = await findOwnLink(deps, caller, linkNo);
  return serializeLink(deps, await deps.store.closeLink(id, deps.clock.now()));
}

/** A link of the caller's project and kind of key; others do not exist for it. Throws LINK_NOT_FOUND. */
export async function findOwnLink(
  deps: Pick<Deps, 'store'>,
  { projectId, kind }: Caller,
  linkNo: string,
): Promise<Link> {
  const link = await findLink(deps, linkNo);
  if (!link || link.projectId !== projectId || link.keyKind !== kind) throw new PayCoreError('LINK_NOT_FOUND');
  return link;
}

export async function findLink(deps: Pick<Deps, 'store'>, linkNo: string): Promise<Link | null> {
  return LINK_NO.test(linkNo) ? deps.store.findLink(linkNo) : null;
}

/** `data` of every answer about a link; amounts are in major units. */
export function serializeLink(deps: Pick<Deps, 'publicUrl' | 'config' | 'clock'>, link: Link): LinkData {
  const { currency, order } = link;
  const major = (minor: number | null) => (minor === null ? null : minorToMajor(minor, currency));
  const moment = (ms: number | null) => (ms === null ? null : formatInstant(ms));
  return {
    link_no: link.linkNo,
    link_url: linkUrl(deps, link),
    title: link.title,
    status: stateOf(link, deps.clock.now()),
    livemode: link.keyKind === 'live',
    amount: major(link.amount),
    amount_decimal: link.amount === null ? null : formatDecimal(link.amount, currency),
    min_amount: major(link.minAmount),
    max_amount: major(link.maxAmount),
    currency,
    single_use: link.isSingleUse,
    paid_count: link.paidCount,
    paid_amount: minorToMajor(link.paidAmount, currency),
    item_name: order.itemName ?? null,
    success_url: order.successUrl ?? null,
    cancel_url: order.cancelUrl ?? null,
    payok_url: order.payokUrl ?? null,
    metadata: order.metadata ?? {},
    expires_at: moment(link.expiresAt),
    closed_at: moment(link.closedAt),
    created_at: formatInstant(link.createdAt),
  };
}
