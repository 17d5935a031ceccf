CREATE TABLE "clients" (
	"provider" text NOT NULL,
	"label" text NOT NULL,
	"client_id" text NOT NULL,
	"token_origin" text NOT NULL,
	"sealed" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "clients_provider_label_pk" PRIMARY KEY("provider","label")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "clients_client" ON "clients" USING btree ("provider","client_id","token_origin");