import { eq, sql } from 'drizzle-orm';
import { makeLinkNo, type Random } from '../../../core/ids.ts';
import type { Link } from '../../../core/link.ts';
import { statement } from '../../statement.ts';
import { insertRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';

/** Payment links themselves; what is begun through them is in `use.ts`. */

export type NewLink = Omit<Link, 'id' | 'linkNo' | 'closedAt' | 'paidCount' | 'paidAmount'>;

export function addLink(tx: Tx, link: NewLink, random: Random): Promise<Link> {
  return insertRow(tx, 'links', { ...link, linkNo: makeLinkNo(random) });
}

const CLOSE = statement(({ db, t: { links } }, p: { id: number; now: number }) =>
  db
    .update(links)
    .set({ closedAt: sql`coalesce(${links.closedAt}, ${p.now})` })
    .where(eq(links.id, p.id))
    .returning(),
);

/** From now on nobody begins to pay; closing again changes nothing. */
export async function closeLink(tx: Tx, id: number, now: number): Promise<Link> {
  const link = await tx.get(CLOSE, { id, now });
  if (!link) throw new Error(`link ${id} does not exist`);
  return link;
}

const COUNT_PAID = statement(({ db, t: { links } }, p: { id: number; amount: number }) =>
  db
    .update(links)
    .set({ paidCount: sql`${links.paidCount} + 1`, paidAmount: sql`${links.paidAmount} + ${p.amount}` })
    .where(eq(links.id, p.id)),
);

/** A payment of the link has become paid. Called once for each. */
export async function countLinkPayment(tx: Tx, linkId: number, amount: number): Promise<void> {
  await tx.run(COUNT_PAID, { id: linkId, amount });
}
