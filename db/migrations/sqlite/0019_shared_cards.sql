CREATE TABLE `card_turns` (
	`team_id` text PRIMARY KEY NOT NULL,
	`turns` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `messages` ADD `storm_since` integer;--> statement-breakpoint
ALTER TABLE `outages` ADD `card_id` text;--> statement-breakpoint
CREATE INDEX `outages_card` ON `outages` (`card_id`);--> statement-breakpoint
CREATE INDEX `outages_opened` ON `outages` (`opened_at`);--> statement-breakpoint
-- Until now a message named its outage.
UPDATE outages SET card_id = (SELECT m.id FROM messages m WHERE m.outage_id = outages.id AND m.kind = 'outage'
  ORDER BY m.created_at DESC LIMIT 1);