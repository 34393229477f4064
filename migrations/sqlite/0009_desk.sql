CREATE TABLE `alert_channels` (
	`name` text PRIMARY KEY NOT NULL,
	`is_on` integer NOT NULL,
	`config` text NOT NULL,
	`secret` blob,
	`not_before` integer NOT NULL,
	`last_day` text,
	`last_sent_at` integer,
	`last_error` text,
	`last_error_at` integer,
	`updated_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` integer PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`kind` text NOT NULL,
	`about` text NOT NULL,
	`project_id` integer,
	`payment_no` text,
	`data` text NOT NULL,
	`state` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`leased_by` text,
	`leased_until` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "alerts_state" CHECK("alerts"."state" in ('pending', 'delivered', 'dead'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_once` ON `alerts` (`channel`,`kind`,`about`);--> statement-breakpoint
CREATE INDEX `alerts_due` ON `alerts` (`channel`,`due_at`) WHERE "alerts"."state" = 'pending' and "alerts"."leased_by" is null;--> statement-breakpoint
CREATE INDEX `alerts_leased` ON `alerts` (`channel`,`leased_until`) WHERE "alerts"."leased_by" is not null;--> statement-breakpoint
CREATE INDEX `alerts_by_time` ON `alerts` (`created_at`);--> statement-breakpoint
CREATE TABLE `search_terms` (
	`payment_id` integer NOT NULL,
	`term` text NOT NULL,
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	PRIMARY KEY(`payment_id`, `term`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `search_terms_by_term` ON `search_terms` (`project_id`,`key_kind`,`term`,`payment_id`);--> statement-breakpoint
CREATE TABLE `known_addresses` (
	`person_id` integer NOT NULL,
	`address` text NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `address`),
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `login_limits` (
	`name` text PRIMARY KEY NOT NULL,
	`full_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `login_limits_by_end` ON `login_limits` (`full_at`);--> statement-breakpoint
CREATE TABLE `callback_calls` (
	`gateway` text NOT NULL,
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`accepted_at` integer,
	`refused_at` integer,
	`refusal` text,
	PRIMARY KEY(`gateway`, `project_id`, `key_kind`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `method_sums` (
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`livemode` integer NOT NULL,
	`way` text NOT NULL,
	`quarter` integer NOT NULL,
	`amount` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key_kind`, `livemode`, `way`, `quarter`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `outcome_counts` (
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`livemode` integer NOT NULL,
	`quarter` integer NOT NULL,
	`status` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key_kind`, `livemode`, `quarter`, `status`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `troubles` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`project_id` integer,
	`key_kind` text,
	`payment_id` integer,
	`outbox_id` integer,
	`data` text NOT NULL,
	`since` integer NOT NULL,
	`ends_at` integer,
	`closed_at` integer,
	`closed_by` text
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `troubles_once` ON `troubles` (`kind`,`subject`);--> statement-breakpoint
CREATE INDEX `troubles_open` ON `troubles` (`project_id`,`key_kind`,`since`) WHERE "troubles"."closed_at" is null;--> statement-breakpoint
CREATE INDEX `troubles_of_payment` ON `troubles` (`payment_id`) WHERE "troubles"."payment_id" is not null;--> statement-breakpoint
ALTER TABLE `outbox` ADD `key_kind` text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `last_answer` text;--> statement-breakpoint
CREATE INDEX `outbox_by_webhook_id` ON `outbox` (`webhook_id`);--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`project_id`,`key_kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `outbox_dead` ON `outbox` (`project_id`,`key_kind`,`created_at`) WHERE "outbox"."state" = 'dead';--> statement-breakpoint
CREATE INDEX `outbox_of_event` ON `outbox` (`project_id`,`key_kind`,`event`,`created_at`) WHERE "outbox"."event" <> 'payment.paid';--> statement-breakpoint
ALTER TABLE `refunds` ADD `project_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `key_kind` text DEFAULT 'live' NOT NULL;--> statement-breakpoint
CREATE INDEX `refunds_by_time` ON `refunds` (`project_id`,`key_kind`,`created_at`);--> statement-breakpoint
ALTER TABLE `unmatched_callbacks` ADD `payment_no` text;--> statement-breakpoint
ALTER TABLE `unmatched_callbacks` ADD `project_id` integer;--> statement-breakpoint
CREATE INDEX `payments_paid` ON `payments` (`project_id`,`key_kind`,`paid_at`) WHERE "payments"."paid_at" is not null;--> statement-breakpoint
-- Written by hand: the figures of what there is already, and what was put before a person before there was a list of it.
INSERT INTO method_sums (project_id, key_kind, livemode, way, quarter, amount, count)
SELECT project_id, key_kind, livemode, gateway || '/' || method || '/' || currency, paid_at / 900000, sum(amount), count(*)
FROM payments WHERE status = 'paid' AND paid_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5;--> statement-breakpoint
INSERT INTO outcome_counts (project_id, key_kind, livemode, quarter, status, count)
SELECT project_id, key_kind, livemode, created_at / 900000, status, count(*) FROM payments GROUP BY 1, 2, 3, 4, 5;--> statement-breakpoint
INSERT INTO troubles (kind, subject, project_id, key_kind, payment_id, data, since)
SELECT CASE WHEN flags LIKE '%mismatch%' THEN 'mismatch' WHEN flags LIKE '%duplicate%' THEN 'duplicate' ELSE 'flagged' END,
	id || ' ', project_id, key_kind, id, '{}', updated_at
FROM payments p WHERE flags <> '' AND flags LIKE '%attention%' AND (flags LIKE '%mismatch%' OR flags LIKE '%duplicate%'
	OR p.refund_check_at IS NOT NULL
	OR NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id AND r.status = 'unknown'));--> statement-breakpoint
INSERT INTO troubles (kind, subject, project_id, key_kind, payment_id, data, since)
SELECT 'refund_unknown', r.payment_id || ' ' || r.refund_no, p.project_id, p.key_kind, p.id,
	'{"refund_no":"' || r.refund_no || '"}', r.updated_at
FROM refunds r JOIN payments p ON p.id = r.payment_id
WHERE r.status = 'unknown' AND p.refund_check_at IS NULL AND p.flags LIKE '%attention%';--> statement-breakpoint
INSERT INTO troubles (kind, subject, project_id, key_kind, payment_id, outbox_id, data, since)
SELECT 'notification_dead', o.payment_id || ' ' || o.webhook_id, p.project_id, p.key_kind, p.id, o.id, '{}', o.updated_at
FROM outbox o JOIN payments p ON p.id = o.payment_id WHERE o.state = 'dead';--> statement-breakpoint
-- Written by hand: what the payments that are there already are found by.
INSERT INTO `search_terms` (`payment_id`, `term`, `project_id`, `key_kind`)
SELECT DISTINCT payment_id, substr(lower(replace(replace(replace(replace(replace(word, ' ', ''), '-', ''), '(', ''), ')', ''), '+', '')), 1, 64), project_id, key_kind FROM (
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.buyerName') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.buyerEmail') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.buyerMobile') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.buyerPhone') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.buyerTel') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, json_extract(order_data, '$.payerAccount') AS word FROM payments
  UNION ALL
  SELECT payment_id, project_id, key_kind, json_extract(instructions, '$.virtualAccount') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, json_extract(instructions, '$.paymentCode') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, json_extract(instructions, '$.barcodes[0]') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, json_extract(instructions, '$.barcodes[1]') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, json_extract(instructions, '$.barcodes[2]') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, gateway_trade_no FROM attempts JOIN payments ON payments.id = payment_id
) AS words
WHERE substr(lower(replace(replace(replace(replace(replace(word, ' ', ''), '-', ''), '(', ''), ')', ''), '+', '')), 1, 64) <> '' ORDER BY 1, 2
ON CONFLICT DO NOTHING;--> statement-breakpoint
UPDATE `refunds` SET
  `project_id` = (SELECT project_id FROM payments WHERE id = refunds.payment_id),
  `key_kind` = (SELECT key_kind FROM payments WHERE id = refunds.payment_id);--> statement-breakpoint
-- Written by hand: what is there already is of the kind that its payment is.
UPDATE `outbox` SET `key_kind` = 'test' WHERE (SELECT `key_kind` FROM `payments` WHERE `payments`.`id` = `outbox`.`payment_id`) = 'test';
