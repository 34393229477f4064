-- Lists go from the newest to the oldest: time and row id end every index that a list is read from.
DROP INDEX payments_by_project;
DROP INDEX payments_of_method;
DROP INDEX payments_of_time;
DROP INDEX payments_flagged;
DROP INDEX payments_by_order;
CREATE INDEX payments_by_project ON payments (project_id, key_kind, livemode, status, created_at);
CREATE INDEX payments_of_method ON payments (project_id, key_kind, gateway, method, created_at);
CREATE INDEX payments_flagged ON payments (project_id, key_kind, flags, created_at) WHERE flags <> '';

-- A search by the start of an order number is answered by the index alone.
CREATE INDEX payments_by_order ON payments (project_id, merchant_order_no, key_kind, created_at);

-- What a process left under way is found without going through everything that was ever sent.
CREATE INDEX outbox_leased ON outbox (leased) WHERE leased = 1;

-- Figures are kept, not counted: what changes a payment's status changes them in the same transaction (store/figures.ts).
-- Triggers would do the same at three times the cost, since SQLite keeps a journal for every statement that fires one.
CREATE TABLE payment_counts (
  project_id INTEGER NOT NULL,
  key_kind TEXT NOT NULL,
  livemode INTEGER NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, key_kind, livemode, status)
) STRICT, WITHOUT ROWID;

-- By quarter of an hour, of which the days of every time zone are made.
CREATE TABLE paid_sums (
  project_id INTEGER NOT NULL,
  key_kind TEXT NOT NULL,
  livemode INTEGER NOT NULL,
  quarter INTEGER NOT NULL,                     -- paid_at / 900000
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,                      -- minor units
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, key_kind, livemode, quarter, currency)
) STRICT, WITHOUT ROWID;

INSERT INTO payment_counts
  SELECT project_id, key_kind, livemode, status, count(*) FROM payments GROUP BY project_id, key_kind, livemode, status;
INSERT INTO paid_sums
  SELECT project_id, key_kind, livemode, paid_at / 900000, currency, sum(amount), count(*) FROM payments
  WHERE status = 'paid' AND paid_at IS NOT NULL GROUP BY project_id, key_kind, livemode, paid_at / 900000, currency;
