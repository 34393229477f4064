CREATE TABLE "search_terms" (
	"payment_id" bigint NOT NULL,
	"term" text NOT NULL,
	"project_id" bigint NOT NULL,
	"key_kind" text NOT NULL,
	CONSTRAINT "search_terms_payment_id_term_pk" PRIMARY KEY("payment_id","term")
);
--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "project_id" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "key_kind" text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE "search_terms" ADD CONSTRAINT "search_terms_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payments_paid" ON "payments" USING btree ("project_id","key_kind","paid_at") WHERE "payments"."paid_at" is not null;--> statement-breakpoint
CREATE INDEX "refunds_by_time" ON "refunds" USING btree ("project_id","key_kind","created_at");--> statement-breakpoint
-- Written by hand: what the payments that are there already are found by.
INSERT INTO "search_terms" ("payment_id", "term", "project_id", "key_kind")
SELECT DISTINCT payment_id, substr(lower(replace(replace(replace(replace(replace(word, ' ', ''), '-', ''), '(', ''), ')', ''), '+', '')), 1, 64), project_id, key_kind FROM (
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'buyerName') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'buyerEmail') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'buyerMobile') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'buyerPhone') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'buyerTel') AS word FROM payments
  UNION ALL
  SELECT id AS payment_id, project_id, key_kind, (order_data::json ->> 'payerAccount') AS word FROM payments
  UNION ALL
  SELECT payment_id, project_id, key_kind, (instructions::json ->> 'virtualAccount') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, (instructions::json ->> 'paymentCode') FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, (instructions::json -> 'barcodes' ->> 0) FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, (instructions::json -> 'barcodes' ->> 1) FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, (instructions::json -> 'barcodes' ->> 2) FROM attempts JOIN payments ON payments.id = payment_id
  UNION ALL
  SELECT payment_id, project_id, key_kind, gateway_trade_no FROM attempts JOIN payments ON payments.id = payment_id
) AS words
WHERE substr(lower(replace(replace(replace(replace(replace(word, ' ', ''), '-', ''), '(', ''), ')', ''), '+', '')), 1, 64) <> '' ORDER BY 1, 2
ON CONFLICT DO NOTHING;--> statement-breakpoint
UPDATE "refunds" SET
  "project_id" = (SELECT project_id FROM payments WHERE id = refunds.payment_id),
  "key_kind" = (SELECT key_kind FROM payments WHERE id = refunds.payment_id);--> statement-breakpoint
CREATE INDEX "search_terms_by_term" ON "search_terms" USING btree ("project_id","key_kind","term","payment_id");
