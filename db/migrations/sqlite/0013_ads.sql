CREATE TABLE `ad_scans` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`scanned_up_to` integer NOT NULL,
	`is_tagging` integer NOT NULL,
	`parameters` text NOT NULL,
	`settings_at` integer,
	`tagging_since` integer,
	`templates` text NOT NULL,
	`overrides` text NOT NULL,
	`overrides_at` integer,
	`version` integer NOT NULL,
	`due_at` integer NOT NULL,
	`leased_by` text,
	`leased_until` integer,
	`failures` integer NOT NULL,
	`trouble` text,
	`last_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ad_scans_due` ON `ad_scans` (`due_at`);--> statement-breakpoint
CREATE TABLE `ads` (
	`connection_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`campaign_id` text NOT NULL,
	`campaign_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`url` text NOT NULL,
	`parameters` text NOT NULL,
	`set_by` text,
	`seen_at` integer NOT NULL,
	`covered_at` integer,
	`trouble` text,
	PRIMARY KEY(`connection_id`, `id`),
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ads_created` ON `ads` (`connection_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `campaigns` (
	`connection_no` integer NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`connection_no`, `id`)
);
--> statement-breakpoint
CREATE TABLE `cost_days` (
	`connection_no` integer NOT NULL,
	`day` text NOT NULL,
	`state` text NOT NULL,
	`micros` integer NOT NULL,
	`campaigns` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`connection_no`, `day`)
);
--> statement-breakpoint
CREATE TABLE `cost_downloads` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`currency` text,
	`time_zone` text,
	`whole_up_to` text,
	`restated_at` integer,
	`run` integer NOT NULL,
	`job` text,
	`from_day` text,
	`to_day` text,
	`due_at` integer NOT NULL,
	`leased_by` text,
	`leased_until` integer,
	`failures` integer NOT NULL,
	`trouble` text,
	`last_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `cost_downloads_due` ON `cost_downloads` (`due_at`);--> statement-breakpoint
CREATE TABLE `costs` (
	`connection_no` integer NOT NULL,
	`day` text NOT NULL,
	`campaign_id` text NOT NULL,
	`run` integer NOT NULL,
	`micros` integer NOT NULL,
	`clicks` integer NOT NULL,
	`impressions` integer NOT NULL,
	PRIMARY KEY(`connection_no`, `day`, `campaign_id`)
);
--> statement-breakpoint
CREATE TABLE `gaps` (
	`outage_id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	`costs` text,
	`tags` text,
	`finished_at` integer,
	FOREIGN KEY (`outage_id`) REFERENCES `outages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `gaps_one_unfinished` ON `gaps` (`connection_id`) WHERE finished_at is null;--> statement-breakpoint
CREATE TABLE `tag_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`target` text NOT NULL,
	`target_id` text NOT NULL,
	`target_name` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`added` text NOT NULL,
	`at` integer NOT NULL,
	`by` text,
	`made_at` integer,
	`undone_at` integer,
	`undone_by` text,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `tag_changes_connection` ON `tag_changes` (`connection_id`,`at`);--> statement-breakpoint
INSERT INTO `cost_downloads` (`connection_id`, `run`, `due_at`, `failures`) SELECT `id`, 0, `added_at`, 0 FROM `connections` WHERE `kind` = 'ads';--> statement-breakpoint
INSERT INTO `ad_scans` (`connection_id`, `scanned_up_to`, `is_tagging`, `parameters`, `templates`, `overrides`, `version`, `due_at`, `failures`) SELECT `id`, `last_proof_at`, 0, '', '[]', '[]', 0, `added_at`, 0 FROM `connections` WHERE `kind` = 'ads';