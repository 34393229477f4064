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
CREATE INDEX `alerts_by_time` ON `alerts` (`created_at`);