import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { at, text } from '../binary/support/json.ts';
import { type Delivery, get } from '../binary/support/parties.ts';
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

/** The file itself, after the server has ended. */
export function checkInDatabase(dataDir: string, record: Ledger): { wrong: string[]; counts: Counts } {
  const db = new Database(join(dataDir, 'paycore.db'), { readonly: true });
  const number = (sql: string): number =>
    Number(Object.values(db.query<Record<string, unknown>, []>(sql).get() ?? {})[0] ?? 0);
  const wrong: string[] = [];
  const mustBeZero = (what: string, sql: string) => {
    const found = number(sql);
    if (found !== 0) wrong.push(`${found} ${what}`);
  };
  const integrity = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check').get()?.integrity_check;
  if (integrity !== 'ok') wrong.push(`integrity check: ${integrity}`);
  mustBeZero('broken references', 'SELECT count(*) FROM pragma_foreign_key_check');
  mustBeZero(
    'orders with two payments',
    'SELECT count(*) FROM (SELECT 1 FROM payments GROUP BY merchant_order_no HAVING count(*) > 1)',
  );
  mustBeZero(
    'paid payments without exactly one payment.paid notification',
    `SELECT count(*) FROM payments WHERE status = 'paid' AND
       (SELECT count(*) FROM outbox WHERE payment_id = payments.id AND event = 'payment.paid') <> 1`,
  );
  mustBeZero(
    'payment.paid notifications of unpaid payments',
    `SELECT count(*) FROM outbox JOIN payments ON payments.id = payment_id WHERE event = 'payment.paid' AND status <> 'paid'`,
  );
  mustBeZero(
    'paid payments with two payment.paid entries on the timeline',
    `SELECT count(*) FROM (SELECT 1 FROM events WHERE type = 'payment.paid' GROUP BY payment_id HAVING count(*) > 1)`,
  );
  mustBeZero('paid payments without a kept callback', CALLBACK_MISSING);
  mustBeZero('notifications that never arrived', "SELECT count(*) FROM outbox WHERE state <> 'delivered'");
  const counts = {
    payments: number('SELECT count(*) FROM payments'),
    paid: number("SELECT count(*) FROM payments WHERE status = 'paid'"),
    sum: number("SELECT sum(amount) FROM payments WHERE status = 'paid'"),
  };
  const known = [...record.created.values()];
  const acknowledgedSum = known
    .filter((payment) => record.paid.has(payment.paymentNo))
    .reduce((sum, payment) => sum + payment.amount * 100, 0);
  if (counts.sum !== acknowledgedSum) wrong.push(`paid ${counts.sum}, acknowledged ${acknowledgedSum}`);
  const most = known.length + record.unanswered.size;
  if (counts.payments < known.length || counts.payments > most) {
    wrong.push(`${counts.payments} payments, expected ${known.length} to ${most}`);
  }
  db.close();
  return { wrong, counts };
}

const CALLBACK_MISSING = `SELECT count(*) FROM payments WHERE status = 'paid' AND NOT EXISTS (
  SELECT 1 FROM inbox JOIN attempts ON attempts.id = attempt_id WHERE attempts.payment_id = payments.id)`;

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
