CREATE TABLE "ad_scans" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"scanned_up_to" timestamp (3) with time zone NOT NULL,
	"is_tagging" boolean NOT NULL,
	"parameters" text NOT NULL,
	"settings_at" timestamp (3) with time zone,
	"tagging_since" timestamp (3) with time zone,
	"templates" jsonb NOT NULL,
	"overrides" jsonb NOT NULL,
	"overrides_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"leased_by" text,
	"leased_until" timestamp (3) with time zone,
	"failures" integer NOT NULL,
	"trouble" text,
	"last_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "ads" (
	"connection_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"campaign_id" text NOT NULL,
	"campaign_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"url" text NOT NULL,
	"parameters" text NOT NULL,
	"set_by" text,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"covered_at" timestamp (3) with time zone,
	"trouble" text,
	CONSTRAINT "ads_connection_id_id_pk" PRIMARY KEY("connection_id","id")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"connection_no" integer NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "campaigns_connection_no_id_pk" PRIMARY KEY("connection_no","id")
);
--> statement-breakpoint
CREATE TABLE "cost_days" (
	"connection_no" integer NOT NULL,
	"day" text NOT NULL,
	"state" text NOT NULL,
	"micros" bigint NOT NULL,
	"campaigns" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cost_days_connection_no_day_pk" PRIMARY KEY("connection_no","day")
);
--> statement-breakpoint
CREATE TABLE "cost_downloads" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"currency" text,
	"time_zone" text,
	"whole_up_to" text,
	"restated_at" timestamp (3) with time zone,
	"run" integer NOT NULL,
	"job" text,
	"from_day" text,
	"to_day" text,
	"due_at" timestamp (3) with time zone NOT NULL,
	"leased_by" text,
	"leased_until" timestamp (3) with time zone,
	"failures" integer NOT NULL,
	"trouble" text,
	"last_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "costs" (
	"connection_no" integer NOT NULL,
	"day" text NOT NULL,
	"campaign_id" text NOT NULL,
	"run" integer NOT NULL,
	"micros" bigint NOT NULL,
	"clicks" bigint NOT NULL,
	"impressions" bigint NOT NULL,
	CONSTRAINT "costs_connection_no_day_campaign_id_pk" PRIMARY KEY("connection_no","day","campaign_id")
);
--> statement-breakpoint
CREATE TABLE "gaps" (
	"outage_id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"costs" jsonb,
	"tags" jsonb,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "tag_changes" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"target" text NOT NULL,
	"target_id" text NOT NULL,
	"target_name" text NOT NULL,
	"before" text NOT NULL,
	"after" text NOT NULL,
	"added" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" text,
	"made_at" timestamp (3) with time zone,
	"undone_at" timestamp (3) with time zone,
	"undone_by" text
);
--> statement-breakpoint
ALTER TABLE "ad_scans" ADD CONSTRAINT "ad_scans_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ads" ADD CONSTRAINT "ads_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_downloads" ADD CONSTRAINT "cost_downloads_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tag_changes" ADD CONSTRAINT "tag_changes_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ad_scans_due" ON "ad_scans" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "ads_created" ON "ads" USING btree ("connection_id","created_at");--> statement-breakpoint
CREATE INDEX "cost_downloads_due" ON "cost_downloads" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "gaps_one_unfinished" ON "gaps" USING btree ("connection_id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "tag_changes_connection" ON "tag_changes" USING btree ("connection_id","at");--> statement-breakpoint
INSERT INTO "cost_downloads" ("connection_id", "run", "due_at", "failures") SELECT "id", 0, "added_at", 0 FROM "connections" WHERE "kind" = 'ads';--> statement-breakpoint
INSERT INTO "ad_scans" ("connection_id", "scanned_up_to", "is_tagging", "parameters", "templates", "overrides", "version", "due_at", "failures") SELECT "id", "last_proof_at", false, '', '[]', '[]', 0, "added_at", 0 FROM "connections" WHERE "kind" = 'ads';