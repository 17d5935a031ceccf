CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`actor` text,
	`action` text NOT NULL,
	`detail` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_connection` ON `audit` (`connection_id`,`at`);--> statement-breakpoint
CREATE TABLE `backlogs` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`no` integer NOT NULL,
	`last_key` integer NOT NULL,
	`drained_to` integer NOT NULL,
	`waiting` integer NOT NULL,
	`pushed` integer NOT NULL,
	`superseded` integer NOT NULL,
	`rejected` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `backlogs_no_unique` ON `backlogs` (`no`);--> statement-breakpoint
CREATE TABLE `catch_ups` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`outage_id` text NOT NULL,
	`up_to_key` integer NOT NULL,
	`expected` integer NOT NULL,
	`pushed` integer NOT NULL,
	`superseded` integer NOT NULL,
	`rejected` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`outage_id`) REFERENCES `outages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `catch_ups_one_unfinished` ON `catch_ups` (`connection_id`) WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX `catch_ups_outage` ON `catch_ups` (`outage_id`);--> statement-breakpoint
CREATE TABLE `checks` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`due_at` integer NOT NULL,
	`leased_by` text,
	`leased_until` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `checks_due` ON `checks` (`due_at`);--> statement-breakpoint
CREATE TABLE `connections` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`provider` text NOT NULL,
	`kind` text NOT NULL,
	`account_id` text NOT NULL,
	`account_name` text NOT NULL,
	`environment` text NOT NULL,
	`grant_id` text NOT NULL,
	`owner_id` text,
	`channel_id` text,
	`added_by` text NOT NULL,
	`added_at` integer NOT NULL,
	`confirmed_at` integer,
	`confirmed_by` text,
	`status` text NOT NULL,
	`since` integer NOT NULL,
	`cause` text,
	`explanation` text,
	`suspect_since` integer,
	`unreachable_since` integer,
	`last_proof_at` integer NOT NULL,
	`version` integer NOT NULL,
	FOREIGN KEY (`grant_id`) REFERENCES `grants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `connections_name` ON `connections` (`team_id`,`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `connections_account` ON `connections` (`team_id`,`provider`,`account_id`);--> statement-breakpoint
CREATE INDEX `connections_grant` ON `connections` (`grant_id`);--> statement-breakpoint
CREATE TABLE `edits` (
	`message_id` text NOT NULL,
	`team_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `edits_team` ON `edits` (`team_id`,`at`);--> statement-breakpoint
CREATE TABLE `grants` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`provider` text NOT NULL,
	`client_id` text NOT NULL,
	`token_origin` text NOT NULL,
	`provider_user_id` text NOT NULL,
	`username` text NOT NULL,
	`scopes` text NOT NULL,
	`sealed` text NOT NULL,
	`authorized_by` text,
	`authorized_at` integer NOT NULL,
	`refreshed_at` integer NOT NULL,
	`refresh_expires_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`leased_by` text NOT NULL,
	`leased_until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mappings` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`mapping` text NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`outage_id` text,
	`catch_up_id` text,
	`channel_id` text NOT NULL,
	`thread_of` text,
	`broadcast` integer NOT NULL,
	`notice` text,
	`ts` text,
	`wanted` integer NOT NULL,
	`shown` integer NOT NULL,
	`attempts` integer NOT NULL,
	`uncertain_since` integer,
	`created_at` integer NOT NULL,
	`due_at` integer,
	`leased_by` text,
	`leased_until` integer,
	`shown_at` integer,
	`claimed_waiting` integer NOT NULL,
	`claimed_settled` integer NOT NULL,
	`trouble` text,
	`gave_up` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `messages_outage` ON `messages` (`outage_id`);--> statement-breakpoint
CREATE INDEX `messages_catch_up` ON `messages` (`catch_up_id`);--> statement-breakpoint
CREATE INDEX `messages_connection` ON `messages` (`connection_id`,`kind`);--> statement-breakpoint
CREATE TABLE `meta` (
	`id` integer PRIMARY KEY NOT NULL,
	`stamp` text NOT NULL,
	`last_connection_no` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outages` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`cause` text NOT NULL,
	`explanation` text NOT NULL,
	`last_proof_at` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`closed_how` text,
	`closed_by` text,
	`closed_by_username` text,
	`superseded` integer NOT NULL,
	`login_begun_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outages_one_open` ON `outages` (`connection_id`) WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX `outages_closed` ON `outages` (`connection_id`,`closed_at`);--> statement-breakpoint
CREATE INDEX `outages_login_begun` ON `outages` (`login_begun_at`) WHERE login_begun_at is not null;--> statement-breakpoint
CREATE TABLE `touchpoints` (
	`key` integer PRIMARY KEY NOT NULL,
	`connection_no` integer NOT NULL,
	`id` text NOT NULL,
	`hash` text NOT NULL,
	`payload` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`superseded` integer NOT NULL,
	`accepted_at` integer NOT NULL,
	`settled_at` integer,
	`code` text,
	`message` text,
	`field` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `touchpoints_id` ON `touchpoints` (`connection_no`,`id`);--> statement-breakpoint
CREATE INDEX `touchpoints_retry_order` ON `touchpoints` (`connection_no`,`key`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `touchpoints_retry_due` ON `touchpoints` (`connection_no`,`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `touchpoints_rejected` ON `touchpoints` (`connection_no`) WHERE state = 'rejected';--> statement-breakpoint
CREATE TABLE `used_tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`used_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `used_tickets_expiry` ON `used_tickets` (`expires_at`);--> statement-breakpoint
CREATE TABLE `workspaces` (
	`team_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`bot_user_id` text NOT NULL,
	`saved_at` integer NOT NULL
);
