CREATE TABLE `warnings` (
	`message_id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`since` integer NOT NULL,
	`closed_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `warnings_one_open` ON `warnings` (`team_id`,`subject`) WHERE closed_at is null;--> statement-breakpoint
ALTER TABLE `checks` ADD `account_probed_at` integer;--> statement-breakpoint
CREATE INDEX `connections_suspect` ON `connections` (`suspect_since`) WHERE suspect_since is not null;--> statement-breakpoint
CREATE INDEX `connections_unreachable` ON `connections` (`unreachable_since`) WHERE unreachable_since is not null;