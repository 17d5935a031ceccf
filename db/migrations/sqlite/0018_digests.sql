CREATE TABLE `digest_counts` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`counted_at` integer NOT NULL,
	`pushed` integer NOT NULL,
	`superseded` integer NOT NULL,
	`rejected` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `digests` (
	`team_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`week` text NOT NULL,
	`message_id` text NOT NULL,
	`digest` text NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`team_id`, `channel_id`, `week`)
);
--> statement-breakpoint
CREATE INDEX `digests_message` ON `digests` (`message_id`);--> statement-breakpoint
CREATE TABLE `people` (
	`team_id` text NOT NULL,
	`user_id` text NOT NULL,
	`looked_at` integer NOT NULL,
	PRIMARY KEY(`team_id`, `user_id`)
);
--> statement-breakpoint
ALTER TABLE `backlogs` ADD `rejected_ever` integer DEFAULT 0 NOT NULL;