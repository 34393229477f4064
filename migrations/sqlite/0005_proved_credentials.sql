DROP INDEX `credentials_by_merchant`;--> statement-breakpoint
ALTER TABLE `credentials` ADD `proved` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `credentials_proved` ON `credentials` (`gateway`,`merchant_id`,`project_id`) WHERE "credentials"."proved" = 1;--> statement-breakpoint
CREATE INDEX `credentials_by_merchant` ON `credentials` (`gateway`,`merchant_id`,`project_id`);--> statement-breakpoint
CREATE INDEX `payments_unpaid_uses` ON `payments` (`link_id`) WHERE "payments"."link_id" is not null and "payments"."status" <> 'paid';