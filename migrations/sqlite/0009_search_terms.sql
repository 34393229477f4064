CREATE TABLE `search_terms` (
	`payment_id` integer NOT NULL,
	`term` text NOT NULL,
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	PRIMARY KEY(`payment_id`, `term`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `refunds` ADD `project_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `key_kind` text DEFAULT 'live' NOT NULL;--> statement-breakpoint
CREATE INDEX `refunds_by_time` ON `refunds` (`project_id`,`key_kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_paid` ON `payments` (`project_id`,`key_kind`,`paid_at`) WHERE "payments"."paid_at" is not null;--> statement-breakpoint
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
CREATE INDEX `search_terms_by_term` ON `search_terms` (`project_id`,`key_kind`,`term`,`payment_id`);
