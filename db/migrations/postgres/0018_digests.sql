CREATE TABLE "digest_counts" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"counted_at" timestamp (3) with time zone NOT NULL,
	"pushed" bigint NOT NULL,
	"superseded" bigint NOT NULL,
	"rejected" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "digests" (
	"team_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"week" text NOT NULL,
	"message_id" text NOT NULL,
	"digest" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "digests_team_id_channel_id_week_pk" PRIMARY KEY("team_id","channel_id","week")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"team_id" text NOT NULL,
	"user_id" text NOT NULL,
	"looked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "people_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "backlogs" ADD COLUMN "rejected_ever" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "digests_message" ON "digests" USING btree ("message_id");