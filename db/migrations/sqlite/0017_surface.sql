CREATE TABLE `former_names` (
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`connection_id` text NOT NULL,
	PRIMARY KEY(`team_id`, `name`),
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `former_names_connection` ON `former_names` (`connection_id`);--> statement-breakpoint
CREATE TABLE `removals` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`connection_no` integer NOT NULL,
	`removed_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `choices` ADD `wishes` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `catch_up` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `paused_by` text;