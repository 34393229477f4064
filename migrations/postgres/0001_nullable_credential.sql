-- The first statement was written by drizzle-kit, the others by hand.
ALTER TABLE "payments" ALTER COLUMN "credential_id" DROP NOT NULL;--> statement-breakpoint
-- Until now a payment whose payer had not chosen yet had an empty set of credentials, of a gateway called `checkout`.
UPDATE "payments" SET "credential_id" = NULL WHERE "credential_id" IN (SELECT "id" FROM "credentials" WHERE "gateway" = 'checkout');--> statement-breakpoint
DELETE FROM "credentials" WHERE "gateway" = 'checkout'
	AND "id" NOT IN (SELECT "credential_id" FROM "attempts")
	AND "id" NOT IN (SELECT "credential_id" FROM "refunds");
