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
ALTER TABLE `outbox` ADD `key_kind` text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `last_answer` text;--> statement-breakpoint
-- Written by hand: what is there already is of the kind that its payment is.
UPDATE `outbox` SET `key_kind` = 'test' WHERE (SELECT `key_kind` FROM `payments` WHERE `payments`.`id` = `outbox`.`payment_id`) = 'test';--> statement-breakpoint
CREATE INDEX `outbox_by_webhook_id` ON `outbox` (`webhook_id`);--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`project_id`,`key_kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `outbox_dead` ON `outbox` (`project_id`,`key_kind`,`created_at`) WHERE "outbox"."state" = 'dead';--> statement-breakpoint
CREATE INDEX `outbox_of_event` ON `outbox` (`project_id`,`key_kind`,`event`,`created_at`) WHERE "outbox"."event" <> 'payment.paid';--> statement-breakpoint
ALTER TABLE `unmatched_callbacks` ADD `payment_no` text;--> statement-breakpoint
ALTER TABLE `unmatched_callbacks` ADD `project_id` integer;