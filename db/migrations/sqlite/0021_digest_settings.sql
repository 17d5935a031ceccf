CREATE TABLE `digest_settings` (
	`team_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`is_on` integer NOT NULL,
	`time_zone` text NOT NULL,
	`owed_week` text,
	`changed_by` text NOT NULL,
	`changed_at` integer NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`team_id`, `channel_id`)
);
