CREATE TABLE "known_addresses" (
	"person_id" bigint NOT NULL,
	"address" text NOT NULL,
	"seen_at" bigint NOT NULL,
	CONSTRAINT "known_addresses_person_id_address_pk" PRIMARY KEY("person_id","address")
);
--> statement-breakpoint
CREATE TABLE "login_limits" (
	"name" text PRIMARY KEY NOT NULL,
	"full_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "known_addresses" ADD CONSTRAINT "known_addresses_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "login_limits_by_end" ON "login_limits" USING btree ("full_at");