CREATE TABLE "bulk_jobs" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"phase" text NOT NULL,
	"job_id" text,
	"target" text NOT NULL,
	"object" text NOT NULL,
	"external_id_field" text NOT NULL,
	"after_key" bigint NOT NULL,
	"up_to_key" bigint NOT NULL,
	"records" integer NOT NULL,
	"polls" integer NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;