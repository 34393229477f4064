DROP INDEX "credentials_by_merchant";--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "proved" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Written by hand: what has brought money has proved itself.
UPDATE "credentials" SET "proved" = true WHERE "id" IN (SELECT "credential_id" FROM "attempts" WHERE "status" = 'paid');--> statement-breakpoint
CREATE INDEX "payments_unpaid_uses" ON "payments" USING btree ("link_id") WHERE "payments"."link_id" is not null and "payments"."status" <> 'paid';--> statement-breakpoint
CREATE INDEX "credentials_proved" ON "credentials" USING btree ("gateway","merchant_id","project_id") WHERE "credentials"."proved";--> statement-breakpoint
CREATE INDEX "credentials_by_merchant" ON "credentials" USING btree ("gateway","merchant_id","project_id");