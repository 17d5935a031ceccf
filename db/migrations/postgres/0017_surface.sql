CREATE TABLE "former_names" (
	"team_id" text NOT NULL,
	"name" text NOT NULL,
	"connection_id" text NOT NULL,
	CONSTRAINT "former_names_team_id_name_pk" PRIMARY KEY("team_id","name")
);
--> statement-breakpoint
CREATE TABLE "removals" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"connection_no" integer NOT NULL,
	"removed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "choices" ADD COLUMN "wishes" jsonb;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "catch_up" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "paused_by" text;--> statement-breakpoint
ALTER TABLE "former_names" ADD CONSTRAINT "former_names_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "removals" ADD CONSTRAINT "removals_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "former_names_connection" ON "former_names" USING btree ("connection_id");