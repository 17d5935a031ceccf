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
CREATE INDEX `reject_windows_written` ON `reject_windows` (`written_at`);