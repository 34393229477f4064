import { has, type Rules } from './rule.ts';

/** Payments, their attempts and orders. */

export const PAYMENT_RULES: Rules = {
  paid_in_part: [
    'payments that are paid in one column and not in another',
    `SELECT payment_no FROM payments WHERE (status = 'paid') <> (paid_at IS NOT NULL)
      OR (status = 'paid' AND (reason IS NOT NULL OR attempt_id IS NULL))`,
  ],
  paid_without_paid_attempt: [
    'paid payments whose current attempt is not paid',
    `SELECT payment_no FROM payments p WHERE status = 'paid' AND NOT EXISTS (SELECT 1 FROM attempts a
      WHERE a.id = p.attempt_id AND a.payment_id = p.id AND a.status = 'paid' AND a.gateway = p.gateway)`,
  ],
  paid_attempt_of_unpaid_payment: [
    'payments that are not paid although an attempt is',
    `SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
    WHERE a.status = 'paid' AND p.status <> 'paid'`,
  ],
  two_paid_attempts_unflagged: [
    'payments that were paid twice and are not flagged as duplicate',
    `SELECT payment_no FROM payments p WHERE NOT (${has('p', 'duplicate')})
      AND (SELECT count(*) FROM attempts a WHERE a.payment_id = p.id AND a.status = 'paid') > 1`,
  ],
  paid_event_not_once: [
    'paid payments whose history does not say so exactly once',
    `SELECT payment_no FROM payments p WHERE status = 'paid'
      AND (SELECT count(*) FROM events e WHERE e.payment_id = p.id AND e.type = 'payment.paid') <> 1`,
  ],
  ended_without_reason: [
    'failed or expired payments without a reason',
    "SELECT payment_no FROM payments WHERE status IN ('failed', 'expired') AND reason IS NULL",
  ],
  attempt_of_another_payment: [
    'payments whose current attempt is not there, or of another payment',
    `SELECT p.payment_no FROM payments p LEFT JOIN attempts a ON a.id = p.attempt_id
    WHERE p.attempt_id IS NOT NULL AND (a.id IS NULL OR a.payment_id <> p.id)`,
  ],
  chosen_without_credentials: [
    'payments with a method and without credentials',
    "SELECT payment_no FROM payments WHERE credential_id IS NULL AND gateway <> 'checkout'",
  ],
  credential_of_another_project: [
    'attempts with credentials of another project or gateway',
    `SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
      JOIN credentials c ON c.id = a.credential_id
    WHERE c.project_id <> p.project_id OR c.gateway <> a.gateway`,
  ],
  live_and_not_for_real: [
    'live payments of a test key or at a test environment',
    `SELECT payment_no FROM payments WHERE livemode AND (key_kind <> 'live' OR environment <> 'production')`,
  ],
  test_key_at_a_real_gateway: [
    'payments of a test key at a gateway that moves real money',
    `SELECT p.payment_no FROM payments p JOIN attempts a ON a.payment_id = p.id
      JOIN credentials c ON c.id = a.credential_id
    WHERE p.key_kind = 'test' AND c.environment = 'production' AND c.gateway IN ('ecpay', 'paypal', 'stripe')`,
  ],
  review_flag_differs: [
    'payments flagged as under review without such an attempt, or the other way round',
    `SELECT payment_no FROM payments p WHERE (${has('p', 'under_review')})
      <> EXISTS (SELECT 1 FROM attempts a WHERE a.payment_id = p.id AND a.status = 'under_review')`,
  ],
};

/** What a gateway may be taking is unknown until it is known, and no payment is taken twice at a time. */
export const MONEY_RULES: Rules = {
  moving_and_known: [
    'attempts whose money may be moving although their outcome is known',
    "SELECT id FROM attempts WHERE moving_since IS NOT NULL AND status <> 'unknown'",
  ],
  moving_twice: [
    'payments whose money may be moving through two attempts at once',
    `SELECT payment_id FROM attempts WHERE moving_since IS NOT NULL GROUP BY payment_id HAVING count(*) > 1`,
  ],
};

export const ORDER_RULES: Rules = {
  order_paid_twice_unflagged: [
    'orders that were paid twice and are not flagged as duplicate',
    `SELECT project_id, key_kind, livemode, merchant_order_no FROM payments p WHERE status = 'paid' GROUP BY 1, 2, 3, 4
    HAVING count(*) > 1 AND count(CASE WHEN ${has('p', 'duplicate')} THEN 1 END) < count(*) - 1`,
  ],
  order_not_held_rightly: [
    'payments that hold their order when they should not, or the other way round',
    `SELECT payment_no FROM payments
    WHERE (status = 'pending' AND NOT holds_order) OR (status IN ('failed', 'expired') AND holds_order)`,
  ],
  sequence_behind: [
    'days on which more payments were numbered than their sequence says',
    `SELECT day, last FROM payment_sequences s
    WHERE last < (SELECT count(*) FROM payments WHERE substr(payment_no, 4, 8) = s.day)`,
  ],
  trade_no_of_two_paid_attempts: [
    'trade numbers of a gateway that paid two attempts',
    `SELECT a.gateway, a.gateway_trade_no, c.merchant_id, c.environment
    FROM attempts a JOIN credentials c ON c.id = a.credential_id
    WHERE a.status = 'paid' AND a.gateway_trade_no IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1`,
  ],
};

export const PLAN_RULES: Rules = {
  attempt_nobody_asks_about: [
    'attempts that may still be paid and that the gateway is not asked about',
    `SELECT id FROM attempts WHERE status IN ('open', 'unknown', 'under_review') AND check_at IS NULL`,
  ],
  pending_payment_nobody_ends: [
    'pending payments that nothing will end',
    `SELECT payment_no FROM payments p WHERE status = 'pending' AND close_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.payment_id = p.id AND a.check_at IS NOT NULL)`,
  ],
  refund_nobody_asks_about: [
    'refunds in doubt that the gateway is not asked about',
    `SELECT r.refund_no FROM refunds r JOIN payments p ON p.id = r.payment_id
    WHERE r.status IN ('unknown', 'pending') AND p.refund_check_at IS NULL AND NOT (${has('p', 'attention')})`,
  ],
};
