import { has, type Rules, type Words } from './rule.ts';

/** What belongs to payments: notifications, refunds, links, events. */

export const notificationRules = ({ word, truth }: Words): Rules => ({
  paid_without_one_notification: [
    'paid payments whose shop has not exactly one notification of it',
    `SELECT payment_no FROM payments p WHERE status = 'paid' AND ${word('order_data', 'payokUrl')} IS NOT NULL
      AND (SELECT count(*) FROM outbox WHERE payment_id = p.id AND event = 'payment.paid') <> 1`,
  ],
  notified_and_not_paid: [
    'notifications that say paid about payments that are not',
    `SELECT p.payment_no, o.webhook_id FROM outbox o JOIN payments p ON p.id = o.payment_id
    WHERE o.event = 'payment.paid' AND p.status <> 'paid'`,
  ],
  notification_says_otherwise: [
    'notifications that say something else than their payment',
    `SELECT p.payment_no, o.webhook_id FROM outbox o JOIN payments p ON p.id = o.payment_id
    WHERE o.project_id <> p.project_id
      OR ${word('o.body', 'payment_no')} IS DISTINCT FROM p.payment_no
      OR ${word('o.body', 'merchant_order_no')} IS DISTINCT FROM p.merchant_order_no
      OR ${word('o.body', 'currency')} IS DISTINCT FROM p.currency
      OR ${truth('o.body', 'livemode')} IS DISTINCT FROM p.livemode
      OR (o.event = 'payment.paid' AND ${word('o.body', 'status')} IS DISTINCT FROM 'paid')`,
  ],
  notification_in_no_state: [
    'notifications whose columns contradict each other',
    `SELECT webhook_id, state, leased_by FROM outbox
    WHERE (leased_by IS NULL) <> (leased_until IS NULL)
      OR (state = 'delivered' AND (tries = 0 OR last_status IS NULL OR last_status NOT BETWEEN 200 AND 299))
      OR (state <> 'pending' AND leased_by IS NOT NULL)
      OR (state = 'dead' AND last_error IS NULL)`,
  ],
  notification_to_nowhere: ['notifications without a target', "SELECT webhook_id FROM outbox WHERE target = ''"],
});

export const REFUND_RULES: Rules = {
  refunds_exceed_payment: [
    'payments of which more is paid back than was paid',
    `SELECT p.payment_no, a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
    WHERE (SELECT sum(amount) FROM refunds r WHERE r.attempt_id = a.id AND r.status <> 'failed') > p.amount`,
  ],
  refund_of_unpaid: [
    'refunds of what was not paid, or of another payment',
    `SELECT r.refund_no FROM refunds r JOIN attempts a ON a.id = r.attempt_id JOIN payments p ON p.id = r.payment_id
    WHERE a.status <> 'paid' OR p.status <> 'paid' OR a.payment_id <> p.id`,
  ],
  gateway_refund_twice: [
    'refunds of a gateway that stand here twice',
    `SELECT attempt_id, gateway_refund_no FROM refunds WHERE gateway_refund_no IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) > 1`,
  ],
};

/** What a person has to look into stands in the list of it, until he has. */
export const TROUBLE_RULES: Rules = {
  flagged_and_not_listed: [
    'payments that need a person and are not in the list of what does',
    `SELECT payment_no FROM payments p WHERE ${has('p', 'attention')}
      AND NOT EXISTS (SELECT 1 FROM troubles t WHERE t.payment_id = p.id)`,
  ],
  dead_and_not_listed: [
    'notifications that were given up and are not in the list of what needs a person',
    `SELECT webhook_id FROM outbox o WHERE state = 'dead' AND NOT EXISTS (SELECT 1 FROM troubles t
      WHERE t.kind = 'notification_dead' AND t.subject = o.payment_id || ' ' || o.webhook_id)`,
  ],
};

export const LINK_RULES: Rules = {
  payment_of_a_foreign_link: [
    'payments by a link of another project, kind, currency or amount',
    `SELECT p.payment_no, l.link_no FROM payments p JOIN links l ON l.id = p.link_id
    WHERE p.project_id <> l.project_id OR p.key_kind <> l.key_kind OR p.currency <> l.currency
      OR (l.amount IS NOT NULL AND p.amount <> l.amount)`,
  ],
  single_use_paid_twice_unflagged: [
    'links for one payment that were paid twice without the flag duplicate',
    `SELECT link_no FROM links l WHERE is_single_use AND paid_count > 1
      AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.link_id = l.id AND ${has('p', 'duplicate')})`,
  ],
  single_use_pending_twice: [
    'links for one payment with two that can be paid',
    `SELECT link_no FROM links l WHERE is_single_use
      AND (SELECT count(*) FROM payments p WHERE p.link_id = l.id AND p.status = 'pending') > 1`,
  ],
};

/** A callback is an event: it has its digest, bytes and outcome, or none of them. */
export const EVENT_RULES: Rules = {
  callback_in_part: [
    'callbacks of which a part is missing',
    `SELECT id, type FROM events
    WHERE (digest IS NULL) <> (body IS NULL) OR (digest IS NULL) <> (outcome IS NULL)
      OR (digest IS NOT NULL AND attempt_id IS NULL)`,
  ],
  event_of_another_payment: [
    'events about an attempt that is not there, or of another payment',
    `SELECT e.id FROM events e LEFT JOIN attempts a ON a.id = e.attempt_id
    WHERE e.attempt_id IS NOT NULL AND (a.id IS NULL OR a.payment_id <> e.payment_id)`,
  ],
};

/** What a process leaves that is killed at the wrong moment; the next request of that key takes it over. */
export const LEFTOVER_RULES: Rules = {
  idempotency_key_stuck: [
    'idempotency keys whose first request never ended',
    `SELECT project_id, key FROM idempotency_keys
    WHERE status IS NULL AND created_at < (SELECT max(created_at) FROM idempotency_keys) - 600000`,
  ],
};
