CREATE TABLE "refusals" (
	"source" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"connection_id" text,
	"refused" bigint NOT NULL,
	"reasons" jsonb NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"key_before" bigint,
	"minutes" jsonb NOT NULL,
	"told_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "connection_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "refusals" ADD CONSTRAINT "refusals_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;