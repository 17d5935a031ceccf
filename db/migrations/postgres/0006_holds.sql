CREATE TABLE "holds" (
	"connection_id" text NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone,
	"by" text,
	"detail" jsonb NOT NULL,
	CONSTRAINT "holds_connection_id_reason_pk" PRIMARY KEY("connection_id","reason")
);
--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;