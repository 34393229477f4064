DROP INDEX "outbox_due";--> statement-breakpoint
-- Written by hand: until now the target was the host with its port, as it stands in the address.
UPDATE "outbox" SET "target" = "project_id" || ' ' || CASE WHEN "target" = '' THEN ''
	WHEN lower(substr("url", 1, 6)) = 'https:' THEN 'https://' || "target" ELSE 'http://' || "target" END;--> statement-breakpoint
CREATE INDEX "outbox_tried" ON "outbox" USING btree ("target") WHERE "outbox"."state" = 'pending' and "outbox"."tries" > 0;--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("due_at") WHERE "outbox"."state" = 'pending' and "outbox"."leased_by" is null;
