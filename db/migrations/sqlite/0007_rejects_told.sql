CREATE TABLE `refusals` (
	`source` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`connection_id` text,
	`refused` integer NOT NULL,
	`reasons` text NOT NULL,
	`since` integer NOT NULL,
	`key_before` integer,
	`minutes` text NOT NULL,
	`told_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `reject_alarms` (
	`message_id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`since` integer NOT NULL,
	`settled_from` integer NOT NULL,
	`settled` integer NOT NULL,
	`rejected` integer NOT NULL,
	`reasons` text NOT NULL,
	`counted` integer NOT NULL,
	`told` integer NOT NULL,
	`told_at` integer NOT NULL,
	`lifted_by` text,
	`lifted_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `reject_alarms_connection` ON `reject_alarms` (`connection_id`,`since`);--> statement-breakpoint
CREATE TABLE `reject_windows` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`window` text NOT NULL,
	`written_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `reject_windows_written` ON `reject_windows` (`written_at`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`connection_id` text,
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
INSERT INTO `__new_messages`("id", "team_id", "connection_id", "kind", "outage_id", "catch_up_id", "channel_id", "thread_of", "broadcast", "notice", "ts", "wanted", "shown", "attempts", "uncertain_since", "created_at", "due_at", "leased_by", "leased_until", "shown_at", "claimed_waiting", "claimed_settled", "trouble", "gave_up") SELECT "id", "team_id", "connection_id", "kind", "outage_id", "catch_up_id", "channel_id", "thread_of", "broadcast", "notice", "ts", "wanted", "shown", "attempts", "uncertain_since", "created_at", "due_at", "leased_by", "leased_until", "shown_at", "claimed_waiting", "claimed_settled", "trouble", "gave_up" FROM `messages`;--> statement-breakpoint
DROP TABLE `messages`;--> statement-breakpoint
ALTER TABLE `__new_messages` RENAME TO `messages`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `messages_outage` ON `messages` (`outage_id`);--> statement-breakpoint
CREATE INDEX `messages_catch_up` ON `messages` (`catch_up_id`);--> statement-breakpoint
CREATE INDEX `messages_connection` ON `messages` (`connection_id`,`kind`);