import { and, eq, inArray, sql } from 'drizzle-orm';
import { spellTerm } from '../../../core/search-terms.ts';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import type { Reader } from '../../tx.ts';
import { listProjectIds } from './payments.ts';
import { findExactTerm } from './terms.ts';

/** Payments that have just this number: ours, the order's, the one at the gateway, a refund's, an account, a code. */

export type NumberedPayment = Pick<Row<'payments'>, 'id' | 'paymentNo' | 'projectId' | 'keyKind'>;

/** Whoever shares a number with so many others is found in the list. */
const MOST = 5;

const BY_PAYMENT_NO = statement(({ db, t: { payments } }, p: { number: string }) =>
  db.select({ id: payments.id }).from(payments).where(eq(payments.paymentNo, p.number)),
);

const BY_GATEWAY_ORDER_NO = statement(({ db, t: { attempts }, elements }, p: { gateways: string; number: string }) =>
  db
    .select({ id: attempts.paymentId })
    .from(attempts)
    .where(and(inArray(attempts.gateway, elements(sql`${p.gateways}`, 'text')), eq(attempts.gatewayOrderNo, p.number))),
);

const BY_REFUND_NO = statement(({ db, t: { refunds } }, p: { number: string }) =>
  db.select({ id: refunds.paymentId }).from(refunds).where(eq(refunds.refundNo, p.number)),
);

const BY_ORDER = statement(({ db, by, t: { payments } }, p: { projectId: number; number: string; most: number }) =>
  db
    .select({ id: payments.id })
    .from(by(payments, 'payments_by_order'))
    .where(and(eq(payments.projectId, p.projectId), eq(payments.merchantOrderNo, p.number)))
    .limit(p.most),
);

const BY_IDS = statement(({ db, t: { payments }, elements }, p: { ids: string }) =>
  db
    .select({
      id: payments.id,
      paymentNo: payments.paymentNo,
      projectId: payments.projectId,
      keyKind: payments.keyKind,
    })
    .from(payments)
    .where(inArray(payments.id, elements(sql`${p.ids}`, 'number'))),
);

/** Of every project and of both kinds, in no order; a few, where many have it. */
export async function findNumbered(
  on: Reader,
  text: string,
  gateways: readonly string[],
): Promise<readonly NumberedPayment[]> {
  const typed = text.trim();
  if (typed === '' || typed.includes('\0')) return [];
  const spellings = [...new Set([typed, typed.toUpperCase()])];
  const ids = new Set<number>();
  const take = (rows: readonly { readonly id: number }[]) => {
    for (const { id } of rows) ids.add(id);
  };
  for (const number of spellings) {
    take(await on.all(BY_PAYMENT_NO, { number }));
    take(await on.all(BY_GATEWAY_ORDER_NO, { number, gateways: JSON.stringify(gateways) }));
    take(await on.all(BY_REFUND_NO, { number }));
  }
  const term = spellTerm(typed);
  for (const projectId of await listProjectIds(on, null)) {
    take(await on.all(BY_ORDER, { projectId, number: typed, most: MOST }));
    if (!isNumber(typed)) continue;
    for (const keyKind of ['live', 'test'] as const) {
      take((await findExactTerm(on, { projectId, keyKind, term, most: MOST })).map((id) => ({ id })));
    }
  }
  return ids.size === 0 ? [] : on.all(BY_IDS, { ids: JSON.stringify([...ids]) });
}

/** A name or an address leads to a list: it is a person's, who may come again. */
function isNumber(text: string): boolean {
  return /\d/.test(text) && /^[\x20-\x3f\x41-\x7e]+$/.test(text);
}
