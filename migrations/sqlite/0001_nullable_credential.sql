-- Written by drizzle-kit; STRICT and the rows of the empty sets were added by hand, what it does to `foreign_keys` was taken out:
-- references are not enforced while a step runs, and all of them are looked at before it counts.
CREATE TABLE `__new_payments` (
	`id` integer PRIMARY KEY NOT NULL,
	`payment_no` text NOT NULL,
	`project_id` integer NOT NULL,
	`livemode` integer NOT NULL,
	`key_kind` text NOT NULL,
	`merchant_order_no` text NOT NULL,
	`gateway` text NOT NULL,
	`method` text NOT NULL,
	`mode` text NOT NULL,
	`environment` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`unit` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`flags` text NOT NULL,
	`holds_order` integer DEFAULT true NOT NULL,
	`follows_another` integer DEFAULT false NOT NULL,
	`order_data` text NOT NULL,
	`credential_id` integer,
	`attempt_id` integer,
	`revision` integer DEFAULT 0 NOT NULL,
	`is_checkout` integer DEFAULT false NOT NULL,
	`close_at` integer,
	`paid_at` integer,
	`refunded` integer DEFAULT 0 NOT NULL,
	`refund_check_at` integer,
	`refund_tries` integer DEFAULT 0 NOT NULL,
	`link_id` integer,
	`form_key` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`link_id`) REFERENCES `links`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payments_kind" CHECK("__new_payments"."key_kind" in ('live', 'test')),
	CONSTRAINT "payments_amount" CHECK("__new_payments"."amount" > 0),
	CONSTRAINT "payments_unit" CHECK("__new_payments"."unit" in ('major', 'minor')),
	CONSTRAINT "payments_status" CHECK("__new_payments"."status" in ('pending', 'paid', 'failed', 'expired'))
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_payments`("id", "payment_no", "project_id", "livemode", "key_kind", "merchant_order_no", "gateway", "method", "mode", "environment", "amount", "currency", "unit", "status", "reason", "flags", "holds_order", "follows_another", "order_data", "credential_id", "attempt_id", "revision", "is_checkout", "close_at", "paid_at", "refunded", "refund_check_at", "refund_tries", "link_id", "form_key", "created_at", "updated_at") SELECT "id", "payment_no", "project_id", "livemode", "key_kind", "merchant_order_no", "gateway", "method", "mode", "environment", "amount", "currency", "unit", "status", "reason", "flags", "holds_order", "follows_another", "order_data", "credential_id", "attempt_id", "revision", "is_checkout", "close_at", "paid_at", "refunded", "refund_check_at", "refund_tries", "link_id", "form_key", "created_at", "updated_at" FROM `payments`;--> statement-breakpoint
-- Until now a payment whose payer had not chosen yet had an empty set of credentials, of a gateway called `checkout`.
UPDATE `__new_payments` SET `credential_id` = NULL WHERE `credential_id` IN (SELECT `id` FROM `credentials` WHERE `gateway` = 'checkout');--> statement-breakpoint
DROP TABLE `payments`;--> statement-breakpoint
ALTER TABLE `__new_payments` RENAME TO `payments`;--> statement-breakpoint
CREATE UNIQUE INDEX `payments_no` ON `payments` (`payment_no`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_order` ON `payments` (`project_id`,`key_kind`,`livemode`,`merchant_order_no`) WHERE "payments"."holds_order" = 1;--> statement-breakpoint
CREATE INDEX `payments_by_order` ON `payments` (`project_id`,`merchant_order_no`,`key_kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_by_time` ON `payments` (`project_id`,`key_kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_concluded` ON `payments` (`project_id`,`key_kind`,`status`,`created_at`) WHERE "payments"."status" <> 'pending';--> statement-breakpoint
CREATE INDEX `payments_of_method` ON `payments` (`project_id`,`key_kind`,`gateway`,`method`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_flagged` ON `payments` (`project_id`,`key_kind`,`flags`,`created_at`) WHERE "payments"."flags" <> '';--> statement-breakpoint
CREATE INDEX `payments_closing` ON `payments` (`close_at`) WHERE "payments"."close_at" is not null;--> statement-breakpoint
CREATE INDEX `payments_refund_due` ON `payments` (`refund_check_at`) WHERE "payments"."refund_check_at" is not null;--> statement-breakpoint
CREATE INDEX `payments_of_link` ON `payments` (`link_id`,`form_key`) WHERE "payments"."link_id" is not null;--> statement-breakpoint
DELETE FROM `credentials` WHERE `gateway` = 'checkout'
	AND `id` NOT IN (SELECT `credential_id` FROM `attempts`)
	AND `id` NOT IN (SELECT `credential_id` FROM `refunds`);
