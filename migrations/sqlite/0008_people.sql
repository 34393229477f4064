CREATE TABLE `audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`person_id` integer,
	`who` text NOT NULL,
	`address` text NOT NULL,
	`action` text NOT NULL,
	`about` text NOT NULL,
	`outcome` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `audit_of_person` ON `audit` (`person_id`);--> statement-breakpoint
CREATE INDEX `audit_of_action` ON `audit` (`action`);--> statement-breakpoint
CREATE TABLE `people` (
	`id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`may_refund` integer DEFAULT false NOT NULL,
	`password_hash` text,
	`totp_secret` blob,
	`totp_step` integer,
	`recovery_codes` text NOT NULL,
	`locale` text,
	`disabled_at` integer,
	`link_hash` blob,
	`link_until` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "people_role" CHECK("people"."role" in ('owner', 'staff'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `people_email` ON `people` (`email`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`hash` blob NOT NULL,
	`person_id` integer NOT NULL,
	`address` text NOT NULL,
	`user_agent` text NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_hash` ON `sessions` (`hash`);--> statement-breakpoint
CREATE INDEX `sessions_of_person` ON `sessions` (`person_id`);--> statement-breakpoint
CREATE INDEX `sessions_by_end` ON `sessions` (`expires_at`);