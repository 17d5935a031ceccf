CREATE TABLE "bodies" (
	"key" bigint PRIMARY KEY NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"key" bigint PRIMARY KEY NOT NULL,
	"connection_no" integer NOT NULL,
	"places" integer NOT NULL,
	"open" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"accepted_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "strays" (
	"key" bigint PRIMARY KEY NOT NULL,
	"connection_no" integer NOT NULL,
	"id" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp (3) with time zone,
	"code" text,
	"message" text,
	"field" text,
	"accepted_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"payload" text
);
--> statement-breakpoint
CREATE TABLE "touchpoint_ids" (
	"connection_no" integer NOT NULL,
	"id" text NOT NULL,
	"key" bigint NOT NULL,
	"segment" bigint NOT NULL,
	"hash" text NOT NULL,
	"superseded" integer NOT NULL,
	"accepted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "touchpoint_ids_connection_no_id_pk" PRIMARY KEY("connection_no","id")
);
--> statement-breakpoint
CREATE INDEX "segments_open" ON "segments" USING btree ("connection_no","key") WHERE open > 0;--> statement-breakpoint
CREATE INDEX "segments_kept" ON "segments" USING btree ("connection_no","settled_at") WHERE open = 0 and bytes > 0;--> statement-breakpoint
CREATE INDEX "strays_due" ON "strays" USING btree ("connection_no","due_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "strays_waiting" ON "strays" USING btree ("connection_no","key") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "strays_rejected" ON "strays" USING btree ("connection_no","key") WHERE state = 'rejected';