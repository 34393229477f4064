import type { Random } from '../../../core/ids.ts';
import { type Link, type LinkState, stateOf } from '../../../core/link.ts';
import type { Payment } from '../../../core/payment.ts';
import type { Row } from '../../kit.ts';
import { findPendingUse, findSentOff, type PendingUse } from '../../queries/links.ts';
import { lockRow, patchRow } from '../../table.ts';
import type { Tx } from '../../tx.ts';
import { cancelPayment } from '../cancel-payment.ts';
import { type NewPayment, openPayment } from '../open-payment.ts';

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
export async function openLinkPayment(tx: Tx, use: LinkUse, random: Random): Promise<LinkUseResult> {
  const link = await lockRow(tx, 'links', { id: use.linkId });
  if (!link) throw new Error(`link ${use.linkId} does not exist`);
  const state = stateOf(link, use.payment.now);
  if (state === 'used') return { state };
  const known = await findKnown(tx, link, use);
  // Who has begun may go on whatever became of the link.
  if (known && (state === 'open' || known.isBegun) && isMeant(known, use.payment, link)) {
    return { payment: known.payment, isToldOf: false };
  }
  if (state !== 'open') return { state };
  const isToldOf = link.isSingleUse && known !== null && (await giveWay(tx, known.payment, use));
  return { payment: await open(tx, link, use, random), isToldOf };
}

async function findKnown(tx: Tx, link: Link, { formKey, payment }: LinkUse): Promise<PendingUse | null> {
  if (!link.isSingleUse) return formKey === null ? null : findSentOff(tx, link.id, formKey, payment.amount);
  const known = await findPendingUse(tx, link.id);
  if (known === null || isMeant(known, payment, link)) return known;
  // It is about to give way: from here on nobody begins to pay it, and whoever has begun meanwhile is seen.
  await lockRow(tx, 'payments', { id: known.payment.id });
  return findPendingUse(tx, link.id);
}

function isMeant({ payment, isBegun }: PendingUse, wanted: NewPayment, { isSingleUse }: Link): boolean {
  if (isSingleUse && isBegun) return true;
  // What the payer left out stays as it was.
  const isKept = (name: 'buyerName' | 'buyerEmail') =>
    wanted.order[name] === undefined || wanted.order[name] === payment.order[name];
  return payment.amount === wanted.amount && isKept('buyerName') && isKept('buyerEmail');
}

function giveWay(tx: Tx, { id: paymentId }: Payment, { payment: { now }, makeWebhookId }: LinkUse): Promise<boolean> {
  return cancelPayment(tx, { paymentId, by: { type: 'payer' }, now, makeWebhookId });
}

/** Order numbers that a shop may have taken for payments of its own. */
const TAKEN = 10;

async function open(tx: Tx, link: Row<'links'>, { payment, formKey }: LinkUse, random: Random): Promise<Payment> {
  const first = link.isSingleUse ? Math.max(1, link.lastNumber) : link.lastNumber + 1;
  for (let number = first; number < first + TAKEN; number += 1) {
    const merchantOrderNo = `${payment.merchantOrderNo}-${String(number).padStart(4, '0')}`;
    const wanted = { ...payment, merchantOrderNo, linkId: link.id, ...(formKey === null ? {} : { formKey }) };
    const opened = await openPayment(tx, wanted, null, random);
    if (!opened.created) continue;
    if (number !== link.lastNumber) await patchRow(tx, 'links', link.id, { lastNumber: number });
    return opened.payment;
  }
  throw new Error(`the order numbers of link ${link.linkNo} are taken`);
}
