import type { EngineName } from './engines.ts';

/**
 * What is true of every ledger, whatever happened to it. A rule is a query for what breaks it: on a sound database it
 * finds nothing. The same text runs on both engines but for the pieces below.
 */
export interface Rule {
  readonly name: string;
  readonly sql: string;
}

/** What the engines say differently: JSON is text that SQLite reads by itself, and PostgreSQL must be told to. */
interface Words {
  /** A text inside JSON; null when it is not there. */
  word(json: string, name: string): string;
  /** A truth value inside JSON, fit to be compared with a column. */
  truth(json: string, name: string): string;
}

const WORDS: Readonly<Record<EngineName, Words>> = {
  sqlite: {
    word: (json, name) => `json_extract(${json}, '$.${name}')`,
    truth: (json, name) => `json_extract(${json}, '$.${name}')`,
  },
  postgres: {
    word: (json, name) => `(${json}::json ->> '${name}')`,
    truth: (json, name) => `(${json}::json ->> '${name}')::boolean`,
  },
};

const has = (payment: string, flag: string) => `',' || ${payment}.flags || ',' LIKE '%,${flag},%'`;

/** Every rule of this engine, those about the file or the server itself first. */
export function rulesOf(engine: EngineName): readonly Rule[] {
  const words = WORDS[engine];
  const rules = {
    ...STORAGE[engine],
    ...countersAgree,
    ...notificationsAgree(words),
    ...paymentsAreWhole,
    ...moneyMovesOnce,
    ...ordersAreHeldOnce,
    ...workIsPlanned,
    ...refundsAreCovered,
    ...linksAddUp,
    ...otherThings,
  };
  return Object.entries(rules).map(([name, sql]) => ({ name, sql }));
}

/** On PostgreSQL `broken_reference` is asked of each constraint, and `damaged_index` where its own checks are at hand. */
const STORAGE: Readonly<Record<EngineName, Readonly<Record<string, string>>>> = {
  sqlite: {
    damaged_storage: "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    broken_reference: 'SELECT * FROM pragma_foreign_key_check',
  },
  postgres: {
    damaged_storage: `
      SELECT conname AS name FROM pg_constraint WHERE NOT convalidated
      UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid`,
  },
};

const countersAgree = {
  counts_differ: `
    SELECT project_id, key_kind, livemode, status, sum(n) AS difference FROM (
      SELECT project_id, key_kind, livemode, status, count(*) AS n FROM payments GROUP BY 1, 2, 3, 4
      UNION ALL SELECT project_id, key_kind, livemode, status, -count FROM payment_counts) AS both_ways
    GROUP BY project_id, key_kind, livemode, status HAVING sum(n) <> 0`,
  sums_differ: `
    SELECT project_id, key_kind, livemode, quarter, currency, sum(a) AS amount, sum(n) AS difference FROM (
      SELECT project_id, key_kind, livemode, paid_at / 900000 AS quarter, currency, sum(amount) AS a, count(*) AS n
        FROM payments WHERE status = 'paid' GROUP BY 1, 2, 3, 4, 5
      UNION ALL SELECT project_id, key_kind, livemode, quarter, currency, -amount, -count FROM paid_sums) AS both_ways
    GROUP BY project_id, key_kind, livemode, quarter, currency HAVING sum(a) <> 0 OR sum(n) <> 0`,
};

const notificationsAgree = ({ word, truth }: Words) => ({
  paid_without_one_notification: `
    SELECT payment_no FROM payments p WHERE status = 'paid' AND ${word('order_data', 'payokUrl')} IS NOT NULL
      AND (SELECT count(*) FROM outbox WHERE payment_id = p.id AND event = 'payment.paid') <> 1`,
  notified_and_not_paid: `
    SELECT p.payment_no, o.webhook_id FROM outbox o JOIN payments p ON p.id = o.payment_id
    WHERE o.event = 'payment.paid' AND p.status <> 'paid'`,
  notification_says_otherwise: `
    SELECT p.payment_no, o.webhook_id FROM outbox o JOIN payments p ON p.id = o.payment_id
    WHERE o.project_id <> p.project_id
      OR ${word('o.body', 'payment_no')} IS DISTINCT FROM p.payment_no
      OR ${word('o.body', 'merchant_order_no')} IS DISTINCT FROM p.merchant_order_no
      OR ${word('o.body', 'currency')} IS DISTINCT FROM p.currency
      OR ${truth('o.body', 'livemode')} IS DISTINCT FROM p.livemode
      OR (o.event = 'payment.paid' AND ${word('o.body', 'status')} IS DISTINCT FROM 'paid')`,
  notification_in_no_state: `
    SELECT webhook_id, state, leased_by FROM outbox
    WHERE (leased_by IS NULL) <> (leased_until IS NULL)
      OR (state = 'delivered' AND (tries = 0 OR last_status IS NULL OR last_status NOT BETWEEN 200 AND 299))
      OR (state <> 'pending' AND leased_by IS NOT NULL)
      OR (state = 'dead' AND last_error IS NULL)`,
  notification_to_nowhere: "SELECT webhook_id FROM outbox WHERE target = ''",
});

const paymentsAreWhole = {
  paid_in_part: `
    SELECT payment_no FROM payments WHERE (status = 'paid') <> (paid_at IS NOT NULL)
      OR (status = 'paid' AND (reason IS NOT NULL OR attempt_id IS NULL))`,
  paid_without_paid_attempt: `
    SELECT payment_no FROM payments p WHERE status = 'paid' AND NOT EXISTS (SELECT 1 FROM attempts a
      WHERE a.id = p.attempt_id AND a.payment_id = p.id AND a.status = 'paid' AND a.gateway = p.gateway)`,
  paid_attempt_of_unpaid_payment: `
    SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
    WHERE a.status = 'paid' AND p.status <> 'paid'`,
  two_paid_attempts_unflagged: `
    SELECT payment_no FROM payments p WHERE NOT (${has('p', 'duplicate')})
      AND (SELECT count(*) FROM attempts a WHERE a.payment_id = p.id AND a.status = 'paid') > 1`,
  paid_event_not_once: `
    SELECT payment_no FROM payments p WHERE status = 'paid'
      AND (SELECT count(*) FROM events e WHERE e.payment_id = p.id AND e.type = 'payment.paid') <> 1`,
  ended_without_reason: "SELECT payment_no FROM payments WHERE status IN ('failed', 'expired') AND reason IS NULL",
  attempt_of_another_payment: `
    SELECT p.payment_no FROM payments p LEFT JOIN attempts a ON a.id = p.attempt_id
    WHERE p.attempt_id IS NOT NULL AND (a.id IS NULL OR a.payment_id <> p.id)`,
  chosen_without_credentials: "SELECT payment_no FROM payments WHERE credential_id IS NULL AND gateway <> 'checkout'",
  credential_of_another_project: `
    SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
      JOIN credentials c ON c.id = a.credential_id
    WHERE c.project_id <> p.project_id OR c.gateway <> a.gateway`,
  live_and_not_for_real: `
    SELECT payment_no FROM payments WHERE livemode AND (key_kind <> 'live' OR environment <> 'production')`,
  test_key_at_a_real_gateway: `
    SELECT p.payment_no FROM payments p JOIN attempts a ON a.payment_id = p.id
      JOIN credentials c ON c.id = a.credential_id
    WHERE p.key_kind = 'test' AND c.environment = 'production' AND c.gateway IN ('ecpay', 'paypal', 'stripe')`,
  review_flag_differs: `
    SELECT payment_no FROM payments p WHERE (${has('p', 'under_review')})
      <> EXISTS (SELECT 1 FROM attempts a WHERE a.payment_id = p.id AND a.status = 'under_review')`,
};

/** What a gateway may be taking is unknown until it is known, and no payment is taken twice at a time. */
const moneyMovesOnce = {
  moving_and_known: "SELECT id FROM attempts WHERE moving_since IS NOT NULL AND status <> 'unknown'",
  moving_twice: `
    SELECT payment_id FROM attempts WHERE moving_since IS NOT NULL GROUP BY payment_id HAVING count(*) > 1`,
};

const ordersAreHeldOnce = {
  order_paid_twice_unflagged: `
    SELECT project_id, key_kind, livemode, merchant_order_no FROM payments p WHERE status = 'paid' GROUP BY 1, 2, 3, 4
    HAVING count(*) > 1 AND count(CASE WHEN ${has('p', 'duplicate')} THEN 1 END) < count(*) - 1`,
  order_not_held_rightly: `
    SELECT payment_no FROM payments
    WHERE (status = 'pending' AND NOT holds_order) OR (status IN ('failed', 'expired') AND holds_order)`,
  sequence_behind: `
    SELECT day, last FROM payment_sequences s
    WHERE last < (SELECT count(*) FROM payments WHERE substr(payment_no, 4, 8) = s.day)`,
  trade_no_of_two_paid_attempts: `
    SELECT a.gateway, a.gateway_trade_no, c.merchant_id, c.environment
    FROM attempts a JOIN credentials c ON c.id = a.credential_id
    WHERE a.status = 'paid' AND a.gateway_trade_no IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1`,
};

const workIsPlanned = {
  attempt_nobody_asks_about: `
    SELECT id FROM attempts WHERE status IN ('open', 'unknown', 'under_review') AND check_at IS NULL`,
  pending_payment_nobody_ends: `
    SELECT payment_no FROM payments p WHERE status = 'pending' AND close_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.payment_id = p.id AND a.check_at IS NOT NULL)`,
  refund_nobody_asks_about: `
    SELECT r.refund_no FROM refunds r JOIN payments p ON p.id = r.payment_id
    WHERE r.status IN ('unknown', 'pending') AND p.refund_check_at IS NULL AND NOT (${has('p', 'attention')})`,
};

const refundsAreCovered = {
  refunds_exceed_payment: `
    SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
    WHERE (SELECT sum(amount) FROM refunds r WHERE r.attempt_id = a.id AND r.status <> 'failed') > p.amount`,
  refunded_sum_differs: `
    SELECT payment_no, refunded FROM payments p WHERE refunded <> (SELECT coalesce(sum(amount), 0) FROM refunds r
      WHERE r.payment_id = p.id AND r.attempt_id = p.attempt_id AND r.status = 'succeeded')`,
  refund_of_unpaid: `
    SELECT r.refund_no FROM refunds r JOIN attempts a ON a.id = r.attempt_id JOIN payments p ON p.id = r.payment_id
    WHERE a.status <> 'paid' OR p.status <> 'paid' OR a.payment_id <> p.id`,
  gateway_refund_twice: `
    SELECT attempt_id, gateway_refund_no FROM refunds WHERE gateway_refund_no IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) > 1`,
};

const linksAddUp = {
  link_sums_differ: `
    SELECT link_no, paid_count, paid_amount FROM links l
    WHERE paid_count <> (SELECT count(*) FROM payments p WHERE p.link_id = l.id AND p.status = 'paid')
      OR paid_amount <>
        (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.link_id = l.id AND p.status = 'paid')`,
  payment_of_a_foreign_link: `
    SELECT p.payment_no, l.link_no FROM payments p JOIN links l ON l.id = p.link_id
    WHERE p.project_id <> l.project_id OR p.key_kind <> l.key_kind OR p.currency <> l.currency
      OR (l.amount IS NOT NULL AND p.amount <> l.amount)`,
  single_use_paid_twice_unflagged: `
    SELECT link_no FROM links l WHERE is_single_use AND paid_count > 1
      AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.link_id = l.id AND ${has('p', 'duplicate')})`,
  single_use_pending_twice: `
    SELECT link_no FROM links l WHERE is_single_use
      AND (SELECT count(*) FROM payments p WHERE p.link_id = l.id AND p.status = 'pending') > 1`,
};

/** A callback is an event: it has its digest, bytes and outcome, or none of them. */
const otherThings = {
  callback_in_part: `
    SELECT id, type FROM events
    WHERE (digest IS NULL) <> (body IS NULL) OR (digest IS NULL) <> (outcome IS NULL)
      OR (digest IS NOT NULL AND attempt_id IS NULL)`,
  event_of_another_payment: `
    SELECT e.id FROM events e LEFT JOIN attempts a ON a.id = e.attempt_id
    WHERE e.attempt_id IS NOT NULL AND (a.id IS NULL OR a.payment_id <> e.payment_id)`,
  idempotency_key_stuck: `
    SELECT project_id, key FROM idempotency_keys
    WHERE status IS NULL AND created_at < (SELECT max(created_at) FROM idempotency_keys) - 600000`,
};
