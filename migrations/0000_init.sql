-- Instants are milliseconds since the epoch. Money is integers of ISO 4217 minor units.

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  notification_secret BLOB NOT NULL,            -- sealed
  limits TEXT NOT NULL DEFAULT '{}',            -- the merchant's own terms: {"ecpay/cvs": {"min": 30, "max": 20000}}
  notify_events TEXT NOT NULL DEFAULT 'payment.paid',  -- comma-separated; payment.paid is always sent
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  kind TEXT NOT NULL CHECK (kind IN ('live', 'test')),
  hash BLOB NOT NULL UNIQUE,                    -- SHA-256 of the key; the key itself is never stored
  hint TEXT NOT NULL,                           -- first letters, to tell keys apart in a list
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE credentials (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  gateway TEXT NOT NULL,
  merchant_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  fingerprint BLOB NOT NULL,                    -- keyed hash: one row per distinct set
  sealed BLOB NOT NULL,
  current INTEGER NOT NULL DEFAULT 0,           -- the set the project uses when a request brings none
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, gateway, fingerprint)
) STRICT;
CREATE INDEX credentials_by_merchant ON credentials (gateway, merchant_id);
CREATE UNIQUE INDEX credentials_current ON credentials (project_id, gateway, environment) WHERE current = 1;

CREATE TABLE payment_sequences (
  day TEXT PRIMARY KEY,                         -- yyyymmdd, Asia/Taipei
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  payment_no TEXT NOT NULL UNIQUE,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  livemode INTEGER NOT NULL,
  key_kind TEXT NOT NULL CHECK (key_kind IN ('live', 'test')),
  merchant_order_no TEXT NOT NULL,
  gateway TEXT NOT NULL,
  method TEXT NOT NULL,
  mode TEXT NOT NULL,
  environment TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('major', 'minor')),  -- what `amount` means on the route it came by
  status TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'failed', 'expired')),
  reason TEXT,
  flags TEXT NOT NULL DEFAULT '',               -- comma-separated
  holds_order INTEGER,                          -- 1 while this payment owns its merchant_order_no, else NULL
  order_json TEXT NOT NULL,                     -- core/payment.ts Order
  credential_id INTEGER NOT NULL REFERENCES credentials(id),
  attempt_id INTEGER,                           -- the current attempt
  revision INTEGER NOT NULL DEFAULT 0,
  paid_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX payments_order ON payments (project_id, key_kind, livemode, merchant_order_no) WHERE holds_order = 1;
CREATE INDEX payments_by_order ON payments (project_id, merchant_order_no);
CREATE INDEX payments_by_paid ON payments (project_id, key_kind, livemode, paid_at, currency, amount) WHERE status = 'paid';
CREATE INDEX payments_by_project ON payments (project_id, key_kind, livemode, status);

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payments(id),
  gateway TEXT NOT NULL,
  gateway_order_no TEXT NOT NULL,
  gateway_trade_no TEXT,
  credential_id INTEGER NOT NULL REFERENCES credentials(id),
  status TEXT NOT NULL CHECK (status IN ('open', 'unknown', 'under_review', 'paid', 'ended')),
  end_reason TEXT,
  instructions_json TEXT,                       -- core/attempt.ts Instructions
  deadline INTEGER NOT NULL,
  check_at INTEGER,                             -- when it is looked at next; NULL when it is over
  checks INTEGER NOT NULL DEFAULT 0,            -- looks since the last change
  missing INTEGER NOT NULL DEFAULT 0,           -- how often the gateway did not know the number
  spent INTEGER NOT NULL DEFAULT 0,             -- used up at the gateway: paying again needs another number
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (gateway, gateway_order_no)
) STRICT;
CREATE INDEX attempts_by_payment ON attempts (payment_id);
CREATE INDEX attempts_by_credential ON attempts (credential_id, status);
CREATE INDEX attempts_due ON attempts (check_at) WHERE check_at IS NOT NULL;

-- A gateway that answered "too many questions" is left alone for a while.
CREATE TABLE gateway_rests (
  gateway TEXT NOT NULL,
  environment TEXT NOT NULL,
  merchant_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (gateway, environment, merchant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  attempt_id INTEGER NOT NULL REFERENCES attempts(id),
  digest BLOB NOT NULL,                         -- SHA-256 of the body; the same bytes again only raise `seen`
  content_type TEXT NOT NULL,
  body BLOB NOT NULL,
  outcome TEXT NOT NULL,
  seen INTEGER NOT NULL DEFAULT 1,
  received_at INTEGER NOT NULL,
  UNIQUE (attempt_id, digest)
) STRICT;

-- Callbacks that belong to nobody or prove nothing: kept a day, bounded in number and size.
CREATE TABLE strays (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  content_type TEXT NOT NULL,
  body BLOB NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX strays_by_time ON strays (received_at);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  webhook_id TEXT NOT NULL UNIQUE,
  payment_id INTEGER NOT NULL REFERENCES payments(id),
  project_id INTEGER NOT NULL REFERENCES projects(id),
  event TEXT NOT NULL,
  about TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL,
  target TEXT NOT NULL,                         -- host:port, so that one dead shop delays nobody else
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  tries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  leased INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (payment_id, event, about)
) STRICT;
CREATE INDEX outbox_due ON outbox (target, due_at) WHERE state = 'pending' AND leased = 0;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payments(id),
  attempt_id INTEGER,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_payment ON events (payment_id);

CREATE TABLE idempotency_keys (
  project_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,                    -- SHA-256 of route and body
  owner TEXT NOT NULL,                          -- the process that is working on it
  status INTEGER,                               -- NULL while the first request runs
  body TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency_keys (created_at);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
