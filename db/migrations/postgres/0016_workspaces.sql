CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"team_id" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "installations" (
	"team_id" text PRIMARY KEY NOT NULL,
	"bot_user_id" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"sealed" text,
	"installed_by" text NOT NULL,
	"installed_at" timestamp (3) with time zone NOT NULL,
	"channel_id" text,
	"ended_at" timestamp (3) with time zone,
	"ended_how" text,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspace_audit" (
	"id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"actor" text,
	"action" text NOT NULL,
	"detail" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_label" ON "api_tokens" USING btree ("label");--> statement-breakpoint
CREATE INDEX "workspace_audit_team" ON "workspace_audit" USING btree ("team_id","at");