DROP INDEX `credentials_by_merchant`;--> statement-breakpoint
ALTER TABLE `credentials` ADD `proved` integer DEFAULT false NOT NULL;--> statement-breakpoint
-- Written by hand: what has brought money has proved itself.
UPDATE `credentials` SET `proved` = 1 WHERE `id` IN (SELECT `credential_id` FROM `attempts` WHERE `status` = 'paid');--> statement-breakpoint
CREATE INDEX `credentials_proved` ON `credentials` (`gateway`,`merchant_id`,`project_id`) WHERE "credentials"."proved" = 1;--> statement-breakpoint
CREATE INDEX `credentials_by_merchant` ON `credentials` (`gateway`,`merchant_id`,`project_id`);--> statement-breakpoint
CREATE INDEX `payments_unpaid_uses` ON `payments` (`link_id`) WHERE "payments"."link_id" is not null and "payments"."status" <> 'paid';