import { at, text } from '../binary/support/json.ts';
import { type Delivery, get } from '../binary/support/parties.ts';
import { readNumber } from '../binary/support/places.ts';
import { checkInvariants, describeBroken } from '../support/invariants.ts';
import type { Ledger, World } from './load.ts';

/** What must be true after the last kill. Each function gives the sentences that are not. */

export async function checkThroughApi(world: World, record: Ledger): Promise<string[]> {
  const wrong: string[] = [];
  for (const payment of record.created.values()) {
    const { status, body } = await get(`${world.server()}/api/paycore/payments/${payment.paymentNo}`, world.headers);
    const data = at(body, 'data');
    if (status !== 200) wrong.push(`${payment.paymentNo} was acknowledged and is gone (${status})`);
    else if (at(data, 'merchant_order_no') !== payment.order) wrong.push(`${payment.paymentNo} is another order`);
    else if (at(data, 'amount') !== payment.amount) wrong.push(`${payment.paymentNo} has another amount`);
    else if (at(data, 'gateway_order_no') !== payment.gatewayOrderNo)
      wrong.push(`${payment.paymentNo} changed its number`);
    const paid = record.paid.has(payment.paymentNo);
    if (paid && at(data, 'status') !== 'paid') wrong.push(`${payment.paymentNo} was acknowledged as paid and is not`);
    if (!paid && at(data, 'status') === 'paid') wrong.push(`${payment.paymentNo} is paid without an acknowledgement`);
    if (paid && JSON.stringify(at(data, 'flags')) !== '[]')
      wrong.push(`${payment.paymentNo} has flags ${at(data, 'flags')}`);
  }
  return wrong;
}

interface Counts {
  readonly payments: number;
  readonly paid: number;
  readonly sum: number;
}

/** The tables themselves, after the server has ended. `ours`: which payments are those of the record. */
export async function checkInDatabase(
  place: string,
  record: Ledger,
  ours = 'true',
): Promise<{ wrong: string[]; counts: Counts }> {
  const wrong = describeBroken(await checkInvariants(place));
  for (const [what, rows] of Object.entries(NONE_OF)) {
    const found = await readNumber(place, `SELECT count(*) FROM ${rows}`);
    if (found !== 0) wrong.push(`${found} ${what}`);
  }
  const counts = {
    payments: await readNumber(place, `SELECT count(*) FROM payments WHERE ${ours}`),
    paid: await readNumber(place, `SELECT count(*) FROM payments WHERE status = 'paid' AND ${ours}`),
    sum: await readNumber(place, `SELECT sum(amount) FROM payments WHERE status = 'paid' AND ${ours}`),
  };
  const known = [...record.created.values()];
  const acknowledgedSum = known
    .filter((payment) => record.paid.has(payment.paymentNo))
    .reduce((sum, payment) => sum + payment.minor, 0);
  if (counts.sum !== acknowledgedSum) wrong.push(`paid ${counts.sum}, acknowledged ${acknowledgedSum}`);
  const most = known.length + record.unanswered.size;
  if (counts.payments < known.length || counts.payments > most) {
    wrong.push(`${counts.payments} payments, expected ${known.length} to ${most}`);
  }
  return { wrong, counts };
}

/** Besides what is true of every ledger: nobody here pays twice, and every shop answers. */
const NONE_OF: Readonly<Record<string, string>> = {
  'orders with two payments':
    '(SELECT 1 AS one FROM payments GROUP BY merchant_order_no HAVING count(*) > 1) AS doubled',
  // Stripe is asked where its callback was lost.
  'paid payments without a kept callback': `payments WHERE status = 'paid' AND gateway = 'ecpay' AND NOT EXISTS (
    SELECT 1 FROM events WHERE payment_id = payments.id AND digest IS NOT NULL)`,
  'notifications that never arrived': "outbox WHERE state <> 'delivered'",
};

/** The shop may hear twice, but under one webhook-id and with the same words. */
export function checkAtShop(deliveries: readonly Delivery[], record: Ledger): { wrong: string[]; doubles: number } {
  const byPayment = new Map<string, Map<string, Set<string>>>();
  for (const { webhookId, body } of deliveries) {
    const paymentNo = text(body, 'payment_no');
    const ids = byPayment.get(paymentNo) ?? new Map<string, Set<string>>();
    byPayment.set(paymentNo, ids.set(webhookId, (ids.get(webhookId) ?? new Set()).add(JSON.stringify(body))));
  }
  const wrong: string[] = [];
  for (const paymentNo of record.paid) {
    if (!byPayment.has(paymentNo)) wrong.push(`the shop never heard of ${paymentNo}`);
  }
  for (const [paymentNo, ids] of byPayment) {
    if (ids.size > 1) wrong.push(`the shop heard of ${paymentNo} under ${ids.size} webhook-ids`);
    for (const bodies of ids.values()) if (bodies.size > 1) wrong.push(`${paymentNo}: the notification changed`);
    if (!record.paid.has(paymentNo)) wrong.push(`the shop heard of ${paymentNo}, which nobody paid`);
  }
  return { wrong, doubles: deliveries.length - byPayment.size };
}
