CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`outage_id` text,
	`invited_by` text NOT NULL,
	`invited_by_name` text NOT NULL,
	`invited_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`ended_how` text
);
--> statement-breakpoint
CREATE INDEX `invitations_open` ON `invitations` (`connection_id`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `invitations_expiry` ON `invitations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `outsider_channels` (
	`team_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`team_id`, `channel_id`)
);
