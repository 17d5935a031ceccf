CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"client_id" text NOT NULL,
	"provider_user_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "choices" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"accounts" jsonb NOT NULL,
	"user_id" text NOT NULL,
	"confirms" boolean NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "choices" ADD CONSTRAINT "choices_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_user" ON "approvals" USING btree ("provider","client_id","provider_user_id","at");--> statement-breakpoint
CREATE INDEX "choices_expiry" ON "choices" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "choices_grant" ON "choices" USING btree ("grant_id");