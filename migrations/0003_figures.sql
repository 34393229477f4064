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

-- Figures are kept, not counted: whatever changes a payment changes them in the same transaction.
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

CREATE TRIGGER payment_counted AFTER INSERT ON payments BEGIN
  INSERT INTO payment_counts VALUES (NEW.project_id, NEW.key_kind, NEW.livemode, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER payment_recounted AFTER UPDATE OF status, livemode ON payments
  WHEN OLD.status <> NEW.status OR OLD.livemode <> NEW.livemode BEGIN
  UPDATE payment_counts SET count = count - 1 WHERE project_id = OLD.project_id AND key_kind = OLD.key_kind
    AND livemode = OLD.livemode AND status = OLD.status;
  INSERT INTO payment_counts VALUES (NEW.project_id, NEW.key_kind, NEW.livemode, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER payment_uncounted AFTER DELETE ON payments BEGIN
  UPDATE payment_counts SET count = count - 1 WHERE project_id = OLD.project_id AND key_kind = OLD.key_kind
    AND livemode = OLD.livemode AND status = OLD.status;
END;

CREATE TRIGGER money_added AFTER INSERT ON payments WHEN NEW.status = 'paid' AND NEW.paid_at IS NOT NULL BEGIN
  INSERT INTO paid_sums VALUES (NEW.project_id, NEW.key_kind, NEW.livemode, NEW.paid_at / 900000, NEW.currency, NEW.amount, 1)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount, count = count + 1;
END;
CREATE TRIGGER money_came AFTER UPDATE OF status, livemode, paid_at, currency, amount ON payments
  WHEN NEW.status = 'paid' AND NEW.paid_at IS NOT NULL AND (OLD.status, OLD.livemode, OLD.paid_at, OLD.currency, OLD.amount)
    IS NOT (NEW.status, NEW.livemode, NEW.paid_at, NEW.currency, NEW.amount) BEGIN
  INSERT INTO paid_sums VALUES (NEW.project_id, NEW.key_kind, NEW.livemode, NEW.paid_at / 900000, NEW.currency, NEW.amount, 1)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount, count = count + 1;
END;
CREATE TRIGGER money_went AFTER UPDATE OF status, livemode, paid_at, currency, amount ON payments
  WHEN OLD.status = 'paid' AND OLD.paid_at IS NOT NULL AND (OLD.status, OLD.livemode, OLD.paid_at, OLD.currency, OLD.amount)
    IS NOT (NEW.status, NEW.livemode, NEW.paid_at, NEW.currency, NEW.amount) BEGIN
  UPDATE paid_sums SET amount = amount - OLD.amount, count = count - 1 WHERE project_id = OLD.project_id
    AND key_kind = OLD.key_kind AND livemode = OLD.livemode AND quarter = OLD.paid_at / 900000 AND currency = OLD.currency;
END;
CREATE TRIGGER money_removed AFTER DELETE ON payments WHEN OLD.status = 'paid' AND OLD.paid_at IS NOT NULL BEGIN
  UPDATE paid_sums SET amount = amount - OLD.amount, count = count - 1 WHERE project_id = OLD.project_id
    AND key_kind = OLD.key_kind AND livemode = OLD.livemode AND quarter = OLD.paid_at / 900000 AND currency = OLD.currency;
END;
