-- How often the payer's bank or wallet said no through this attempt.
ALTER TABLE attempts ADD COLUMN declines INTEGER NOT NULL DEFAULT 0;
-- The language the attempt was opened in: a call that is repeated must be repeated in the same words.
ALTER TABLE attempts ADD COLUMN locale TEXT;
CREATE INDEX attempts_by_trade_no ON attempts (gateway, gateway_trade_no) WHERE gateway_trade_no IS NOT NULL;
