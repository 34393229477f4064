import type { Database } from 'bun:sqlite';
import { makeLinkNo, type Random } from '../core/ids.ts';
import { type Link, type LinkState, stateOf } from '../core/link.ts';
import type { KeyKind, Payment } from '../core/payment.ts';
import { cancelPayment } from './cancel.ts';
import { type NewPayment, openPayment } from './payments.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './rows.ts';

/** Payment links, and the payments that are begun through them. */

const LINK_COLUMNS = `id, link_no, project_id, key_kind, title, currency, amount, min_amount, max_amount, single_use, order_json,
  expires_at, closed_at, last_number, paid_count, paid_amount, created_at`;

interface LinkRow {
  id: number;
  link_no: string;
  project_id: number;
  key_kind: KeyKind;
  title: string;
  currency: string;
  amount: number | null;
  min_amount: number | null;
  max_amount: number | null;
  single_use: number;
  order_json: string;
  expires_at: number | null;
  closed_at: number | null;
  last_number: number;
  paid_count: number;
  paid_amount: number;
  created_at: number;
}

const toLink = (row: LinkRow): Link => ({
  id: row.id,
  linkNo: row.link_no,
  projectId: row.project_id,
  keyKind: row.key_kind,
  title: row.title,
  currency: row.currency,
  amount: row.amount,
  minAmount: row.min_amount,
  maxAmount: row.max_amount,
  isSingleUse: row.single_use === 1,
  order: JSON.parse(row.order_json),
  expiresAt: row.expires_at,
  closedAt: row.closed_at,
  paidCount: row.paid_count,
  paidAmount: row.paid_amount,
  createdAt: row.created_at,
});

type Values = Record<string, string | number | null>;

export type NewLink = Omit<Link, 'id' | 'linkNo' | 'closedAt' | 'paidCount' | 'paidAmount'>;

const INSERT = `INSERT INTO links (link_no, project_id, key_kind, title, currency, amount, min_amount, max_amount, single_use,
    order_json, expires_at, created_at)
  VALUES (:linkNo, :projectId, :keyKind, :title, :currency, :amount, :minAmount, :maxAmount, :singleUse, :order, :expiresAt,
    :createdAt) RETURNING ${LINK_COLUMNS}`;

export function addLink(db: Database, { isSingleUse, order, ...link }: NewLink, random: Random): Link {
  const row = db.query<LinkRow, Values>(INSERT).get({
    ...link,
    linkNo: makeLinkNo(random),
    singleUse: isSingleUse ? 1 : 0,
    order: JSON.stringify(order),
  });
  if (!row) throw new Error('SQLite returned no row for an INSERT … RETURNING');
  return toLink(row);
}

const BY_NO = `SELECT ${LINK_COLUMNS} FROM links WHERE link_no = ?`;
const BY_ID = `SELECT ${LINK_COLUMNS} FROM links WHERE id = ?`;
const PAGE = `SELECT ${LINK_COLUMNS} FROM links WHERE project_id = :projectId AND key_kind = :keyKind AND id < :before
  ORDER BY id DESC LIMIT :limit`;
const CLOSE = `UPDATE links SET closed_at = coalesce(closed_at, ?) WHERE id = ? RETURNING ${LINK_COLUMNS}`;

export function findLink(db: Database, linkNo: string): Link | null {
  const row = db.query<LinkRow, [string]>(BY_NO).get(linkNo);
  return row && toLink(row);
}

export interface LinkListInput {
  readonly projectId: number;
  readonly keyKind: KeyKind;
  /** Id of the last link of the page before; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
}

/** Links of a project's live or test keys, newest first. */
export function listLinks(db: Database, { projectId, keyKind, before, limit }: LinkListInput): readonly Link[] {
  const values = { projectId, keyKind, before: before ?? Number.MAX_SAFE_INTEGER, limit };
  return db.query<LinkRow, Values>(PAGE).all(values).map(toLink);
}

/** From now on nobody begins to pay; closing again changes nothing. */
export function closeLink(db: Database, id: number, now: number): Link {
  const row = db.query<LinkRow, [number, number]>(CLOSE).get(now, id);
  if (!row) throw new Error(`link ${id} does not exist`);
  return toLink(row);
}

const PENDING = `SELECT ${PAYMENT_COLUMNS} FROM link_payments JOIN payments ON id = payment_id
  WHERE link_id = ? AND status = 'pending' ORDER BY payment_id DESC LIMIT 1`;
const SENT_OFF = `SELECT ${PAYMENT_COLUMNS} FROM link_payments JOIN payments ON id = payment_id
  WHERE link_id = ? AND form_key = ? AND amount = ? AND status = 'pending' ORDER BY payment_id DESC LIMIT 1`;
const BEGUN = `SELECT EXISTS (SELECT 1 FROM attempts WHERE payment_id = ?
  AND status IN ('open', 'unknown', 'under_review')) AS found`;

export interface PendingUse {
  readonly payment: Payment;
  /** The payer has something that he can pay with: what he pays must not change any more. */
  readonly isBegun: boolean;
}

/** The one payment of a single-use link that waits to be paid. */
export function findPendingUse(db: Database, linkId: number): PendingUse | null {
  return describeUse(db, db.query<PaymentRow, [number]>(PENDING).get(linkId));
}

/** The payment of the page that is sent off again. */
function findSentOff(db: Database, { linkId, formKey, payment }: LinkUse): PendingUse | null {
  if (formKey === null) return null;
  return describeUse(db, db.query<PaymentRow, [number, string, number]>(SENT_OFF).get(linkId, formKey, payment.amount));
}

function describeUse(db: Database, row: PaymentRow | null): PendingUse | null {
  if (!row) return null;
  const begun = db.query<{ found: number }, [number]>(BEGUN).get(row.id);
  return { payment: toPayment(row), isBegun: begun?.found === 1 };
}

export interface LinkUse {
  readonly linkId: number;
  /** Its `merchantOrderNo` is the beginning: the number of the use is added. */
  readonly payment: NewPayment;
  /** Of the page that was sent off. */
  readonly formKey: string | null;
  readonly makeWebhookId: () => string;
}

/** `state`: nobody can begin to pay. `isToldOf`: a notification waits to be sent. */
export type LinkUseResult =
  | { readonly payment: Payment; readonly isToldOf: boolean }
  | { readonly state: Exclude<LinkState, 'open'> };

/**
 * Gives the payer of a link his payment. A page that is sent off twice means one payment, and so does a single-use link
 * to everybody: its payment goes on until it is paid or over. As long as nobody has a number for it, it gives way to
 * another amount; it then ends as cancelled and the new one takes its order number, so that money for both is a duplicate.
 */
export function openLinkPayment(db: Database, use: LinkUse, random: Random): LinkUseResult {
  const row = db.query<LinkRow, [number]>(BY_ID).get(use.linkId);
  if (!row) throw new Error(`link ${use.linkId} does not exist`);
  const link = toLink(row);
  const state = stateOf(link, use.payment.now);
  if (state === 'used') return { state };
  const known = link.isSingleUse ? findPendingUse(db, link.id) : findSentOff(db, use);
  // Who has begun may go on whatever became of the link.
  if (known && (state === 'open' || known.isBegun) && isMeant(known, use.payment, link)) {
    return { payment: known.payment, isToldOf: false };
  }
  if (state !== 'open') return { state };
  const isToldOf = link.isSingleUse && known !== null && giveWay(db, known.payment, use);
  return { payment: open(db, row, use, random), isToldOf };
}

function isMeant({ payment, isBegun }: PendingUse, wanted: NewPayment, { isSingleUse }: Link): boolean {
  if (isSingleUse && isBegun) return true;
  // What the payer left out stays as it was.
  const isKept = (name: 'buyerName' | 'buyerEmail') =>
    wanted.order[name] === undefined || wanted.order[name] === payment.order[name];
  return payment.amount === wanted.amount && isKept('buyerName') && isKept('buyerEmail');
}

function giveWay(db: Database, { id: paymentId }: Payment, { payment: { now }, makeWebhookId }: LinkUse): boolean {
  return cancelPayment(db, { paymentId, by: { type: 'payer' }, now, makeWebhookId });
}

/** Order numbers that a shop may have taken for payments of its own. */
const TAKEN = 10;

function open(db: Database, link: LinkRow, { payment, formKey }: LinkUse, random: Random): Payment {
  const first = link.single_use === 1 ? Math.max(1, link.last_number) : link.last_number + 1;
  for (let number = first; number < first + TAKEN; number += 1) {
    const merchantOrderNo = `${payment.merchantOrderNo}-${String(number).padStart(4, '0')}`;
    const opened = openPayment(db, { ...payment, merchantOrderNo }, null, random);
    if (!opened.created) continue;
    db.query('INSERT INTO link_payments (payment_id, link_id, form_key) VALUES (?, ?, ?)').run(
      opened.payment.id,
      link.id,
      formKey,
    );
    db.query('UPDATE links SET last_number = ? WHERE id = ?').run(number, link.id);
    return opened.payment;
  }
  throw new Error(`the order numbers of link ${link.link_no} are taken`);
}
