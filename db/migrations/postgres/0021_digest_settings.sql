CREATE TABLE "digest_settings" (
	"team_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"is_on" boolean NOT NULL,
	"time_zone" text NOT NULL,
	"owed_week" text,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "digest_settings_team_id_channel_id_pk" PRIMARY KEY("team_id","channel_id")
);
