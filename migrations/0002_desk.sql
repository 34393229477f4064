-- What a shop is offered beside payments: settings of its project, refunds, lists.

-- core/settings.ts ProjectSettings
ALTER TABLE projects ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- The notification secret before the last rotation, sealed; it signs along until then.
ALTER TABLE projects ADD COLUMN previous_secret BLOB;
ALTER TABLE projects ADD COLUMN previous_secret_until INTEGER;

-- Minor units paid back for good.
ALTER TABLE payments ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0;

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
  check_at INTEGER,                             -- when it is asked about next; NULL when it is settled
  checks INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (check_at) WHERE check_at IS NOT NULL;

-- Lists go from the newest to the oldest: an index ends with the row's id, so each of these is in that order.
CREATE INDEX payments_of_method ON payments (project_id, key_kind, gateway, method);
CREATE INDEX payments_of_time ON payments (created_at);
CREATE INDEX payments_flagged ON payments (project_id, key_kind) WHERE flags <> '';
