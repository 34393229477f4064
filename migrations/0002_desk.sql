-- What a shop is offered beside payments: settings of its project, refunds, lists.

-- core/settings.ts ProjectSettings
ALTER TABLE projects ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- The notification secret before the last rotation, sealed; it signs along until then.
ALTER TABLE projects ADD COLUMN previous_secret BLOB;
ALTER TABLE projects ADD COLUMN previous_secret_until INTEGER;

-- Minor units paid back for good.
ALTER TABLE payments ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0;
-- When the gateway is asked about refunds; NULL when none is in doubt.
ALTER TABLE payments ADD COLUMN refund_check_at INTEGER;
ALTER TABLE payments ADD COLUMN refund_checks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX payments_refund_due ON payments (refund_check_at) WHERE refund_check_at IS NOT NULL;

CREATE TABLE refunds (
  id INTEGER PRIMARY KEY,
  refund_no TEXT NOT NULL UNIQUE,
  payment_id INTEGER NOT NULL REFERENCES payments(id),
  attempt_id INTEGER NOT NULL REFERENCES attempts(id),
  credential_id INTEGER NOT NULL REFERENCES credentials(id),
  amount INTEGER NOT NULL CHECK (amount > 0),   -- minor units
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('unknown', 'pending', 'succeeded', 'failed')),
  gateway_refund_no TEXT,
  message TEXT NOT NULL DEFAULT '',             -- what the gateway said last
  source TEXT NOT NULL CHECK (source IN ('api', 'gateway')),  -- asked for by the shop, or made at the gateway's own desk
  missing INTEGER NOT NULL DEFAULT 0,           -- how often the gateway did not know it
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refunds_by_payment ON refunds (payment_id);

-- Lists go from the newest to the oldest: an index ends with the row's id, so each of these is in that order.
CREATE INDEX payments_of_method ON payments (project_id, key_kind, gateway, method);
CREATE INDEX payments_of_time ON payments (created_at);
CREATE INDEX payments_flagged ON payments (project_id, key_kind) WHERE flags <> '';

-- Which way to pay a try goes: a payment that began at the All-in-One checkout has several.
ALTER TABLE attempts ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN mode TEXT NOT NULL DEFAULT '';
UPDATE attempts SET (method, mode) = (SELECT method, mode FROM payments WHERE payments.id = attempts.payment_id);

-- 1: the payer chooses the method on our page; gateway, method and mode are those chosen last, `checkout` before.
ALTER TABLE payments ADD COLUMN is_checkout INTEGER NOT NULL DEFAULT 0;
-- Until when the payer may choose; NULL when that is over, or for its attempts to say.
ALTER TABLE payments ADD COLUMN close_at INTEGER;
CREATE INDEX payments_closing ON payments (close_at) WHERE close_at IS NOT NULL;
