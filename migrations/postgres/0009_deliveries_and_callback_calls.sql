CREATE TABLE "callback_calls" (
	"gateway" text NOT NULL,
	"project_id" bigint NOT NULL,
	"key_kind" text NOT NULL,
	"accepted_at" bigint,
	"refused_at" bigint,
	"refusal" text,
	CONSTRAINT "callback_calls_gateway_project_id_key_kind_pk" PRIMARY KEY("gateway","project_id","key_kind")
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "key_kind" text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "last_answer" text;--> statement-breakpoint
-- Written by hand: what is there already is of the kind that its payment is.
UPDATE "outbox" SET "key_kind" = 'test' WHERE (SELECT "key_kind" FROM "payments" WHERE "payments"."id" = "outbox"."payment_id") = 'test';--> statement-breakpoint
ALTER TABLE "unmatched_callbacks" ADD COLUMN "payment_no" text;--> statement-breakpoint
ALTER TABLE "unmatched_callbacks" ADD COLUMN "project_id" bigint;--> statement-breakpoint
CREATE INDEX "outbox_by_webhook_id" ON "outbox" USING btree ("webhook_id");--> statement-breakpoint
CREATE INDEX "outbox_by_time" ON "outbox" USING btree ("project_id","key_kind","created_at");--> statement-breakpoint
CREATE INDEX "outbox_dead" ON "outbox" USING btree ("project_id","key_kind","created_at") WHERE "outbox"."state" = 'dead';--> statement-breakpoint
CREATE INDEX "outbox_of_event" ON "outbox" USING btree ("project_id","key_kind","event","created_at") WHERE "outbox"."event" <> 'payment.paid';