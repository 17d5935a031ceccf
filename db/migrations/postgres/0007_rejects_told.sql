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
CREATE TABLE "reject_alarms" (
	"message_id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"settled_from" timestamp (3) with time zone NOT NULL,
	"settled" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	"reasons" jsonb NOT NULL,
	"counted" bigint NOT NULL,
	"told" bigint NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	"lifted_by" text,
	"lifted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "reject_windows" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"window" jsonb NOT NULL,
	"written_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "connection_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "refusals" ADD CONSTRAINT "refusals_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reject_alarms" ADD CONSTRAINT "reject_alarms_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reject_windows" ADD CONSTRAINT "reject_windows_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reject_alarms_connection" ON "reject_alarms" USING btree ("connection_id","since");--> statement-breakpoint
CREATE INDEX "reject_windows_written" ON "reject_windows" USING btree ("written_at");