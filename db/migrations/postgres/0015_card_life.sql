CREATE TABLE "escalations" (
	"message_id" text PRIMARY KEY NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"claimed_by" text,
	"claimed_at" timestamp (3) with time zone,
	"claimed_until" timestamp (3) with time zone,
	"snoozed_by" text,
	"snoozed_at" timestamp (3) with time zone,
	"snoozed_until" timestamp (3) with time zone,
	"last_action" text,
	"last_by" text,
	"last_at" timestamp (3) with time zone,
	"step" integer NOT NULL,
	"reminder_id" text,
	"remind_at" timestamp (3) with time zone,
	"leased_by" text,
	"leased_until" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "deputy_id" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "detour_from" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "detour_reason" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "detour_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "told" text;--> statement-breakpoint
CREATE INDEX "escalations_due" ON "escalations" USING btree ("remind_at") WHERE remind_at is not null;--> statement-breakpoint
CREATE INDEX "messages_detour" ON "messages" USING btree ("detour_from") WHERE detour_from is not null;