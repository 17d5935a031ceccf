CREATE TABLE "card_turns" (
	"team_id" text PRIMARY KEY NOT NULL,
	"turns" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "storm_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outages" ADD COLUMN "card_id" text;--> statement-breakpoint
CREATE INDEX "outages_card" ON "outages" USING btree ("card_id");--> statement-breakpoint
CREATE INDEX "outages_opened" ON "outages" USING btree ("opened_at");--> statement-breakpoint
-- Until now a message named its outage.
UPDATE outages SET card_id = (SELECT m.id FROM messages m WHERE m.outage_id = outages.id AND m.kind = 'outage'
  ORDER BY m.created_at DESC LIMIT 1);