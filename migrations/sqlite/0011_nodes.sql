CREATE TABLE `allowances` (
	`name` text PRIMARY KEY NOT NULL,
	`full_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `allowances_by_end` ON `allowances` (`full_at`);--> statement-breakpoint
CREATE TABLE `claims` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`until` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `figure_deltas` (
	`id` integer PRIMARY KEY NOT NULL,
	`figure` text NOT NULL,
	`project_id` integer NOT NULL,
	`key_kind` text NOT NULL,
	`livemode` integer NOT NULL,
	`status` text,
	`quarter` integer,
	`currency` text,
	`way` text,
	`amount` integer NOT NULL,
	`count` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `insite_forms` (
	`attempt_id` integer PRIMARY KEY NOT NULL,
	`locale` text NOT NULL,
	`sealed` blob NOT NULL,
	`made_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `nodes` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`public_url` text NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`ahead_ms` integer DEFAULT 0 NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `query_turns` (
	`gateway` text NOT NULL,
	`merchant_id` text NOT NULL,
	`environment` text NOT NULL,
	`next_at` integer NOT NULL,
	PRIMARY KEY(`gateway`, `environment`, `merchant_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `attempts` ADD `looked_by` text;--> statement-breakpoint
ALTER TABLE `payments` ADD `refund_looked_by` text;