-- Payment links: addresses that a merchant hands out, and what is paid through them.

CREATE TABLE links (
  id INTEGER PRIMARY KEY,
  link_no TEXT NOT NULL UNIQUE,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  key_kind TEXT NOT NULL CHECK (key_kind IN ('live', 'test')),
  title TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER CHECK (amount > 0),            -- minor units; NULL: the payer enters it
  min_amount INTEGER,
  max_amount INTEGER,
  single_use INTEGER NOT NULL,
  order_json TEXT NOT NULL,                     -- core/payment.ts Order: what its payments have in common
  expires_at INTEGER,
  closed_at INTEGER,
  last_number INTEGER NOT NULL DEFAULT 0,       -- last part of the newest order number
  paid_count INTEGER NOT NULL DEFAULT 0,
  paid_amount INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
-- Newest first: the row id ends the index.
CREATE INDEX links_of_key ON links (project_id, key_kind);

CREATE TABLE link_payments (
  payment_id INTEGER PRIMARY KEY REFERENCES payments(id),
  link_id INTEGER NOT NULL REFERENCES links(id),
  form_key TEXT                                 -- of the page that was sent off: sent twice, it means the same payment
) STRICT;
CREATE INDEX link_payments_by_form ON link_payments (link_id, form_key);

-- `paid` is never left, so nothing has to be taken back.
CREATE TRIGGER link_paid AFTER UPDATE OF status ON payments WHEN NEW.status = 'paid' AND OLD.status <> 'paid' BEGIN
  UPDATE links SET paid_count = paid_count + 1, paid_amount = paid_amount + NEW.amount
    WHERE id = (SELECT link_id FROM link_payments WHERE payment_id = NEW.id);
END;
