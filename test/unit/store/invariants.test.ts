import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs';
import { inspectThrough } from '../../../src/store/engines/postgres-inspect.ts';
import { connect } from '../../../src/store/engines/postgres-open.ts';
import { type Checked, checkRules } from '../../../src/store/integrity/check.ts';
import { rulesOf } from '../../../src/store/integrity/rules.ts';
import { dropPlace, ENGINES, makePlace, SERVER_URL } from '../../support/engines.ts';
import { checkInvariants, describeBroken, listBroken } from '../../support/invariants.ts';
import { fillLedger } from '../../support/ledger.ts';
import { present, rejection } from '../../support/parts.ts';
import { attachTestStore, makeFolder } from '../../support/store.ts';

setDefaultTimeout(30_000);
if (SERVER_URL === null) console.log('PostgreSQL is left out: PAYCORE_TEST_DATABASE_URL names no server');

const ofOrder = (order: string) => `(SELECT id FROM payments WHERE merchant_order_no = '${order}')`;
const attemptOf = (order: string) => `(SELECT attempt_id FROM payments WHERE merchant_order_no = '${order}')`;

/** What breaks each rule, with the references out of force. */
const DAMAGE: Readonly<Record<string, string>> = {
  broken_reference: 'UPDATE refunds SET credential_id = 999',
  counts_differ: "UPDATE payment_counts SET count = count + 1 WHERE status = 'paid'",
  sums_differ: 'UPDATE paid_sums SET amount = amount + 1',
  method_sums_differ: "UPDATE method_sums SET way = 'nobody/atm/TWD'",
  outcomes_differ: "UPDATE outcome_counts SET count = count + 1 WHERE status = 'paid'",
  paid_without_one_notification: "DELETE FROM outbox WHERE event = 'payment.paid'",
  notified_and_not_paid: `UPDATE outbox SET payment_id = ${ofOrder('PENDING')} WHERE payment_id = ${ofOrder('PAID')}`,
  notification_says_otherwise: `UPDATE outbox SET body = replace(body, '"TWD"', '"USD"')`,
  notification_in_no_state: "UPDATE outbox SET state = 'delivered'",
  notification_to_nowhere: "UPDATE outbox SET target = ''",
  paid_in_part: "UPDATE payments SET paid_at = NULL WHERE status = 'paid'",
  paid_without_paid_attempt: "UPDATE attempts SET status = 'ended' WHERE status = 'paid'",
  paid_attempt_of_unpaid_payment: "UPDATE attempts SET status = 'paid'",
  two_paid_attempts_unflagged: `UPDATE attempts SET status = 'paid', payment_id = ${ofOrder('PAID')}`,
  paid_event_not_once: "DELETE FROM events WHERE type = 'payment.paid'",
  ended_without_reason: 'UPDATE payments SET reason = NULL',
  attempt_of_another_payment: `UPDATE payments SET attempt_id = ${attemptOf('PENDING')}`,
  chosen_without_credentials: 'UPDATE payments SET credential_id = NULL',
  credential_of_another_project: `UPDATE attempts SET credential_id = (SELECT max(id) FROM credentials)`,
  live_and_not_for_real: 'UPDATE payments SET livemode = true',
  test_key_at_a_real_gateway: "UPDATE credentials SET environment = 'production'",
  review_flag_differs: "UPDATE payments SET flags = 'attention,under_review'",
  moving_and_known: 'UPDATE attempts SET moving_since = 1',
  moving_twice: `UPDATE attempts SET moving_since = 1, payment_id = ${ofOrder('PENDING')}`,
  order_paid_twice_unflagged: "UPDATE payments SET merchant_order_no = 'PAID', holds_order = false",
  order_not_held_rightly: 'UPDATE payments SET holds_order = false',
  sequence_behind: 'UPDATE payment_sequences SET last = 1',
  trade_no_of_two_paid_attempts: "UPDATE attempts SET gateway_trade_no = 'T1'",
  attempt_nobody_asks_about: 'UPDATE attempts SET check_at = NULL',
  pending_payment_nobody_ends: 'UPDATE attempts SET check_at = NULL',
  refund_nobody_asks_about: "UPDATE refunds SET status = 'unknown'",
  refunds_exceed_payment: 'UPDATE refunds SET amount = 50000',
  refunded_sum_differs: 'UPDATE payments SET refunded = refunded + 1',
  refund_of_unpaid: `UPDATE refunds SET payment_id = ${ofOrder('PENDING')}`,
  gateway_refund_twice: "UPDATE refunds SET gateway_refund_no = 're_1'",
  link_sums_differ: 'UPDATE links SET paid_amount = 1',
  payment_of_a_foreign_link: "UPDATE links SET currency = 'USD'",
  single_use_paid_twice_unflagged: 'UPDATE links SET paid_count = 2',
  single_use_pending_twice: "UPDATE payments SET link_id = 1 WHERE status = 'pending'",
  flagged_and_not_listed: "UPDATE payments SET flags = 'attention'",
  dead_and_not_listed: "UPDATE outbox SET state = 'dead', last_error = 'gone'",
  callback_in_part: 'UPDATE events SET outcome = NULL',
  event_of_another_payment: `UPDATE events SET attempt_id = ${attemptOf('PAID')} WHERE digest IS NULL`,
  idempotency_key_stuck:
    "UPDATE idempotency_keys SET status = NULL, created_at = created_at - 600001 WHERE key = 'first'",
};

/** The pages of an index are gone, as after a fault of the disk. */
function emptyIndex(path: string): void {
  const db = new Database(path, { readonly: true });
  const page = db.query<{ size: number; root: number }, []>(ROOT_PAGE).get();
  db.close(true);
  const file = openSync(path, 'r+');
  const { size, root } = present(page);
  writeSync(file, Buffer.alloc(size), 0, size, (root - 1) * size);
  closeSync(file);
}

const ROOT_PAGE = `SELECT page_size AS size, rootpage AS root FROM pragma_page_size, sqlite_schema
  WHERE name = 'unmatched_by_time'`;

/** A row that an index of PostgreSQL has not heard of. */
const UNHEARD_OF = `
  UPDATE pg_index SET indisready = false WHERE indexrelid = 'unmatched_by_time'::regclass;
  INSERT INTO unmatched_callbacks (gateway, address, reason, content_type, body, received_at)
    VALUES ('ecpay', '', '', '', '', 1);
  UPDATE pg_index SET indisready = true WHERE indexrelid = 'unmatched_by_time'::regclass`;

/** A copy of the file is damaged and looked at; in PostgreSQL the damage is taken back, which is quicker than a copy. */
async function findDamage(sound: string, sql: string): Promise<readonly Checked[]> {
  if (sound.startsWith('postgres')) return findInside(sound, sql);
  const path = `${sound}.damaged`;
  copyFileSync(sound, path);
  const db = new Database(path);
  db.run('PRAGMA foreign_keys = OFF');
  db.run(sql);
  db.close(true);
  return checkInvariants(path);
}

async function findInside(place: string, sql: string): Promise<readonly Checked[]> {
  const client = connect(place);
  const found: (readonly Checked[])[] = [];
  const work = client.begin(async (tx) => {
    await tx.unsafe(`SET LOCAL session_replication_role = replica; ${sql}`);
    found.push(listBroken(await checkRules(inspectThrough(tx))));
    throw new Error('taken back');
  });
  expect(await rejection(work)).toEqual(new Error('taken back'));
  await client.end();
  return present(found[0]);
}

const namesOf = (broken: readonly Checked[]) => broken.map(({ name }) => name);

describe.each([...ENGINES])('a ledger on %s', (engine) => {
  const folder = makeFolder();
  let sound = '';
  beforeAll(async () => {
    sound = await makePlace(engine, folder.path);
    const t = await attachTestStore(sound, 'invariants');
    await fillLedger(t);
    await t.store.foldFigures(1000);
    if (engine === 'sqlite') t.database.run('PRAGMA wal_checkpoint(TRUNCATE)');
    await t[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await dropPlace(sound);
    folder[Symbol.dispose]();
  });

  test('that is sound breaks no rule', async () => {
    expect(describeBroken(await checkInvariants(sound))).toEqual([]);
  });

  test('has a damage for every rule about what stands in it', () => {
    const rules = rulesOf(engine).map(({ name }) => name);
    expect(rules.filter((name) => name !== 'damaged_storage' && !(name in DAMAGE))).toEqual([]);
  });

  test.each(Object.entries(DAMAGE))('that was damaged is said to break %s', async (rule, sql) => {
    const broken = await findDamage(sound, sql);
    expect(namesOf(broken)).toContain(rule);
    expect(broken.find(({ name }) => name === rule)?.rows[0]).toBeObject();
  });

  test('whose storage is damaged is said to be', async () => {
    if (engine === 'sqlite') emptyIndex(sound);
    else await sendSql(sound, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'payments_of_link'::regclass");
    expect(namesOf(await checkInvariants(sound))).toContain('damaged_storage');
  });

  test.skipIf(engine === 'sqlite')('with a row that an index does not know is said to have it', async () => {
    await sendSql(sound, UNHEARD_OF);
    expect(namesOf(await checkInvariants(sound))).toContain('damaged_index');
  });
});

async function sendSql(place: string, sql: string): Promise<void> {
  const client = connect(place);
  await client.unsafe(sql);
  await client.end();
}
