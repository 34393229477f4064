-- Written by drizzle-kit from src/store/schema/sqlite; STRICT and WITHOUT ROWID were added by hand.
CREATE TABLE `attempts` (
	`id` integer PRIMARY KEY NOT NULL,
	`payment_id` integer NOT NULL,
	`gateway` text NOT NULL,
	`method` text NOT NULL,
	`mode` text NOT NULL,
	`gateway_order_no` text NOT NULL,
	`gateway_trade_no` text,
	`credential_id` integer NOT NULL,
	`status` text NOT NULL,
	`end_reason` text,
	`instructions` text,
	`deadline` integer NOT NULL,
	`check_at` integer,
	`sync_tries` integer DEFAULT 0 NOT NULL,
	`not_found_count` integer DEFAULT 0 NOT NULL,
	`declines` integer DEFAULT 0 NOT NULL,
	`locale` text,
	`used` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "attempts_status" CHECK("attempts"."status" in ('open', 'unknown', 'under_review', 'paid', 'ended'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_order_no` ON `attempts` (`gateway`,`gateway_order_no`);--> statement-breakpoint
CREATE INDEX `attempts_by_payment` ON `attempts` (`payment_id`);--> statement-breakpoint
CREATE INDEX `attempts_by_credential` ON `attempts` (`credential_id`);--> statement-breakpoint
CREATE INDEX `attempts_due` ON `attempts` (`check_at`) WHERE "attempts"."check_at" is not null;--> statement-breakpoint
CREATE INDEX `attempts_by_trade_no` ON `attempts` (`gateway`,`gateway_trade_no`) WHERE "attempts"."gateway_trade_no" is not null and "attempts"."gateway" <> 'ecpay';--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY NOT NULL,
	`payment_id` integer NOT NULL,
	`attempt_id` integer,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	`digest` blob,
	`content_type` text,
	`body` blob,
	`outcome` text,
	`seen` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `events_by_payment` ON `events` (`payment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `events_callback` ON `events` (`attempt_id`,`digest`) WHERE "events"."digest" is not null;--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`webhook_id` text NOT NULL,
	`payment_id` integer NOT NULL,
	`project_id` integer NOT NULL,
	`event` text NOT NULL,
	`about` text DEFAULT '' NOT NULL,
	`url` text NOT NULL,
	`target` text NOT NULL,
	`body` text NOT NULL,
	`state` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`leased_by` text,
	`leased_until` integer,
	`last_status` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_state" CHECK("outbox"."state" in ('pending', 'delivered', 'dead'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_once` ON `outbox` (`payment_id`,`event`,`about`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`target`,`due_at`) WHERE "outbox"."state" = 'pending' and "outbox"."leased_by" is null;--> statement-breakpoint
CREATE INDEX `outbox_leased` ON `outbox` (`leased_until`) WHERE "outbox"."leased_by" is not null;--> statement-breakpoint
CREATE TABLE `payments` (
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
	`credential_id` integer NOT NULL,
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
	CONSTRAINT "payments_kind" CHECK("payments"."key_kind" in ('live', 'test')),
	CONSTRAINT "payments_amount" CHECK("payments"."amount" > 0),
	CONSTRAINT "payments_unit" CHECK("payments"."unit" in ('major', 'minor')),
	CONSTRAINT "payments_status" CHECK("payments"."status" in ('pending', 'paid', 'failed', 'expired'))
) STRICT;
--> statement-breakpoint
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
CREATE TABLE `refunds` (
	`id` integer PRIMARY KEY NOT NULL,
	`refund_no` text NOT NULL,
	`payment_id` integer NOT NULL,
	`attempt_id` integer NOT NULL,
	`credential_id` integer NOT NULL,
	`amount` integer NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`gateway_refund_no` text,
	`message` text DEFAULT '' NOT NULL,
	`source` text NOT NULL,
	`not_found_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refunds_amount" CHECK("refunds"."amount" > 0),
	CONSTRAINT "refunds_status" CHECK("refunds"."status" in ('unknown', 'pending', 'succeeded', 'failed')),
	CONSTRAINT "refunds_source" CHECK("refunds"."source" in ('api', 'gateway'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_no` ON `refunds` (`refund_no`);--> statement-breakpoint
CREATE INDEX `refunds_by_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` integer PRIMARY KEY NOT NULL,
	`project_id` integer NOT NULL,
	`kind` text NOT NULL,
	`hash` blob NOT NULL,
	`hint` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "api_keys_kind" CHECK("api_keys"."kind" in ('live', 'test'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `credentials` (
	`id` integer PRIMARY KEY NOT NULL,
	`project_id` integer NOT NULL,
	`gateway` text NOT NULL,
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`fingerprint` blob NOT NULL,
	`sealed` blob NOT NULL,
	`current` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_fingerprint` ON `credentials` (`project_id`,`gateway`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `credentials_by_merchant` ON `credentials` (`gateway`,`merchant_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_current` ON `credentials` (`project_id`,`gateway`,`environment`) WHERE "credentials"."current" = 1;--> statement-breakpoint
CREATE TABLE `links` (
	`id` integer PRIMARY KEY NOT NULL,
	`link_no` text NOT NULL,
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`title` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer,
	`min_amount` integer,
	`max_amount` integer,
	`is_single_use` integer NOT NULL,
	`order_data` text NOT NULL,
	`expires_at` integer,
	`closed_at` integer,
	`last_number` integer DEFAULT 0 NOT NULL,
	`paid_count` integer DEFAULT 0 NOT NULL,
	`paid_amount` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "links_kind" CHECK("links"."key_kind" in ('live', 'test')),
	CONSTRAINT "links_amount" CHECK("links"."amount" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `links_no` ON `links` (`link_no`);--> statement-breakpoint
CREATE INDEX `links_of_key` ON `links` (`project_id`,`key_kind`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`notification_secret` blob NOT NULL,
	`previous_secret` blob,
	`previous_secret_until` integer,
	`limits` text NOT NULL,
	`settings` text NOT NULL,
	`events` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_name` ON `projects` (`name`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `cooldowns` (
	`gateway` text NOT NULL,
	`environment` text NOT NULL,
	`merchant_id` text NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`gateway`, `environment`, `merchant_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`project_id` integer NOT NULL,
	`key` text NOT NULL,
	`fingerprint` blob NOT NULL,
	`owner` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_by_time` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `paid_sums` (
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`livemode` integer NOT NULL,
	`quarter` integer NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key_kind`, `livemode`, `quarter`, `currency`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `payment_counts` (
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`livemode` integer NOT NULL,
	`status` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key_kind`, `livemode`, `status`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `payment_sequences` (
	`day` text PRIMARY KEY NOT NULL,
	`last` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `unmatched_callbacks` (
	`id` integer PRIMARY KEY NOT NULL,
	`gateway` text NOT NULL,
	`address` text NOT NULL,
	`reason` text NOT NULL,
	`content_type` text NOT NULL,
	`body` blob NOT NULL,
	`received_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `unmatched_by_time` ON `unmatched_callbacks` (`received_at`);
