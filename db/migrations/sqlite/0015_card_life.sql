CREATE TABLE `escalations` (
	`message_id` text PRIMARY KEY NOT NULL,
	`opened_at` integer NOT NULL,
	`claimed_by` text,
	`claimed_at` integer,
	`claimed_until` integer,
	`snoozed_by` text,
	`snoozed_at` integer,
	`snoozed_until` integer,
	`last_action` text,
	`last_by` text,
	`last_at` integer,
	`step` integer NOT NULL,
	`reminder_id` text,
	`remind_at` integer,
	`leased_by` text,
	`leased_until` integer,
	`ended_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `escalations_due` ON `escalations` (`remind_at`) WHERE remind_at is not null;--> statement-breakpoint
ALTER TABLE `connections` ADD `deputy_id` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `detour_from` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `detour_reason` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `detour_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `told` text;--> statement-breakpoint
CREATE INDEX `messages_detour` ON `messages` (`detour_from`) WHERE detour_from is not null;