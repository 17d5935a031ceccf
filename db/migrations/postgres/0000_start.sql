CREATE TABLE "audit" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"actor" text,
	"action" text NOT NULL,
	"detail" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backlogs" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"no" integer NOT NULL,
	"last_key" bigint NOT NULL,
	"drained_to" bigint NOT NULL,
	"waiting" bigint NOT NULL,
	"pushed" bigint NOT NULL,
	"superseded" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "backlogs_no_unique" UNIQUE("no")
);
--> statement-breakpoint
CREATE TABLE "catch_ups" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"outage_id" text NOT NULL,
	"up_to_key" bigint NOT NULL,
	"expected" bigint NOT NULL,
	"pushed" bigint NOT NULL,
	"superseded" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "checks" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"leased_by" text,
	"leased_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"name" text NOT NULL,
	"provider" text NOT NULL,
	"kind" text NOT NULL,
	"account_id" text NOT NULL,
	"account_name" text NOT NULL,
	"environment" text NOT NULL,
	"grant_id" text NOT NULL,
	"owner_id" text,
	"channel_id" text,
	"added_by" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"confirmed_by" text,
	"status" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"cause" text,
	"explanation" text,
	"suspect_since" timestamp (3) with time zone,
	"unreachable_since" timestamp (3) with time zone,
	"last_proof_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edits" (
	"message_id" text NOT NULL,
	"team_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"provider" text NOT NULL,
	"client_id" text NOT NULL,
	"token_origin" text NOT NULL,
	"provider_user_id" text NOT NULL,
	"username" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"sealed" text NOT NULL,
	"authorized_by" text,
	"authorized_at" timestamp (3) with time zone NOT NULL,
	"refreshed_at" timestamp (3) with time zone NOT NULL,
	"refresh_expires_at" timestamp (3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"leased_by" text NOT NULL,
	"leased_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mappings" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"mapping" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"outage_id" text,
	"catch_up_id" text,
	"channel_id" text NOT NULL,
	"thread_of" text,
	"broadcast" boolean NOT NULL,
	"notice" jsonb,
	"ts" text,
	"wanted" integer NOT NULL,
	"shown" integer NOT NULL,
	"attempts" integer NOT NULL,
	"uncertain_since" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone,
	"leased_by" text,
	"leased_until" timestamp (3) with time zone,
	"shown_at" timestamp (3) with time zone,
	"claimed_waiting" bigint NOT NULL,
	"claimed_settled" bigint NOT NULL,
	"trouble" text,
	"gave_up" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"id" integer PRIMARY KEY NOT NULL,
	"stamp" text NOT NULL,
	"last_connection_no" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"explanation" text NOT NULL,
	"last_proof_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_how" text,
	"closed_by" text,
	"closed_by_username" text,
	"superseded" bigint NOT NULL,
	"login_begun_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "touchpoints" (
	"key" bigint PRIMARY KEY NOT NULL,
	"connection_no" integer NOT NULL,
	"id" text NOT NULL,
	"hash" text NOT NULL,
	"payload" text,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp (3) with time zone,
	"superseded" integer NOT NULL,
	"accepted_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"code" text,
	"message" text,
	"field" text
);
--> statement-breakpoint
CREATE TABLE "used_tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"team_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"bot_user_id" text NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "backlogs" ADD CONSTRAINT "backlogs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catch_ups" ADD CONSTRAINT "catch_ups_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catch_ups" ADD CONSTRAINT "catch_ups_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checks" ADD CONSTRAINT "checks_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_connection" ON "audit" USING btree ("connection_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "catch_ups_one_unfinished" ON "catch_ups" USING btree ("connection_id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "catch_ups_outage" ON "catch_ups" USING btree ("outage_id");--> statement-breakpoint
CREATE INDEX "checks_due" ON "checks" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name" ON "connections" USING btree ("team_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_account" ON "connections" USING btree ("team_id","provider","account_id");--> statement-breakpoint
CREATE INDEX "connections_grant" ON "connections" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "edits_team" ON "edits" USING btree ("team_id","at");--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "messages_outage" ON "messages" USING btree ("outage_id");--> statement-breakpoint
CREATE INDEX "messages_catch_up" ON "messages" USING btree ("catch_up_id");--> statement-breakpoint
CREATE INDEX "messages_connection" ON "messages" USING btree ("connection_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "outages_one_open" ON "outages" USING btree ("connection_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "outages_closed" ON "outages" USING btree ("connection_id","closed_at");--> statement-breakpoint
CREATE INDEX "outages_login_begun" ON "outages" USING btree ("login_begun_at") WHERE login_begun_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "touchpoints_id" ON "touchpoints" USING btree ("connection_no","id");--> statement-breakpoint
CREATE INDEX "touchpoints_retry_order" ON "touchpoints" USING btree ("connection_no","key") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "touchpoints_retry_due" ON "touchpoints" USING btree ("connection_no","due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "touchpoints_rejected" ON "touchpoints" USING btree ("connection_no") WHERE state = 'rejected';--> statement-breakpoint
CREATE INDEX "used_tickets_expiry" ON "used_tickets" USING btree ("expires_at");