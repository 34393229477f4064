import { and, desc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm';
import { ALIVE } from '../../core/attempt.ts';
import type { Link } from '../../core/link.ts';
import type { KeyKind, Payment } from '../../core/payment.ts';
import type { Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** Payment links, and the payments that are begun through them. */

export interface LinkListInput {
  readonly projectId: number;
  readonly keyKind: KeyKind;
  /** Id of the last link of the page before; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
}

interface Page extends Omit<LinkListInput, 'before'> {
  readonly before: number;
}

const PAGE = statement(({ db, by, t: { links } }, p: Page) =>
  db
    .select(getTableColumns(links))
    .from(by(links, 'links_of_key'))
    .where(and(eq(links.projectId, p.projectId), eq(links.keyKind, p.keyKind), lt(links.id, p.before)))
    .orderBy(desc(links.id))
    .limit(p.limit),
);

const PENDING = statement(({ db, by, t: { payments } }, p: { linkId: number }) =>
  db
    .select(getTableColumns(payments))
    .from(by(payments, 'payments_of_link'))
    .where(and(eq(payments.linkId, p.linkId), eq(payments.status, sql`'pending'`)))
    .orderBy(desc(payments.id))
    .limit(1),
);

const SENT_OFF = statement(({ db, by, t: { payments } }, p: { linkId: number; formKey: string; amount: number }) =>
  db
    .select(getTableColumns(payments))
    .from(by(payments, 'payments_of_link'))
    .where(
      and(
        eq(payments.linkId, p.linkId),
        eq(payments.formKey, p.formKey),
        eq(payments.amount, p.amount),
        eq(payments.status, sql`'pending'`),
      ),
    )
    .orderBy(desc(payments.id))
    .limit(1),
);

const BEGUN = statement(({ db, by, t: { attempts } }, p: { paymentId: number }) =>
  db
    .select({ id: attempts.id })
    .from(by(attempts, 'attempts_by_payment'))
    .where(and(eq(attempts.paymentId, p.paymentId), inArray(attempts.status, [...ALIVE])))
    .limit(1),
);

export function findLink(on: Reader, linkNo: string): Promise<Link | null> {
  return findRow(on, 'links', { linkNo });
}

/** Links of a project's live or test keys, newest first. */
export function listLinks(on: Reader, { projectId, keyKind, before, limit }: LinkListInput): Promise<readonly Link[]> {
  return on.all(PAGE, { projectId, keyKind, before: before ?? Number.MAX_SAFE_INTEGER, limit });
}

export interface PendingUse {
  readonly payment: Payment;
  /** The payer has something that he can pay with: what he pays must not change any more. */
  readonly isBegun: boolean;
}

/** The one payment of a single-use link that waits to be paid. */
export async function findPendingUse(on: Reader, linkId: number): Promise<PendingUse | null> {
  return describeUse(on, await on.get(PENDING, { linkId }));
}

/** The payment of a page that is sent off again. */
export async function findSentOff(
  on: Reader,
  linkId: number,
  formKey: string,
  amount: number,
): Promise<PendingUse | null> {
  return describeUse(on, await on.get(SENT_OFF, { linkId, formKey, amount }));
}

async function describeUse(on: Reader, payment: Row<'payments'> | null): Promise<PendingUse | null> {
  if (!payment) return null;
  const begun = await on.get(BEGUN, { paymentId: payment.id });
  return { payment, isBegun: begun !== null };
}
