CREATE TABLE "warnings" (
	"message_id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "checks" ADD COLUMN "account_probed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "warnings_one_open" ON "warnings" USING btree ("team_id","subject") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "connections_suspect" ON "connections" USING btree ("suspect_since") WHERE suspect_since is not null;--> statement-breakpoint
CREATE INDEX "connections_unreachable" ON "connections" USING btree ("unreachable_since") WHERE unreachable_since is not null;