CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`client_id` text NOT NULL,
	`provider_user_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approvals_user` ON `approvals` (`provider`,`client_id`,`provider_user_id`,`at`);--> statement-breakpoint
CREATE TABLE `choices` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`grant_id` text NOT NULL,
	`accounts` text NOT NULL,
	`user_id` text NOT NULL,
	`confirms` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`grant_id`) REFERENCES `grants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `choices_expiry` ON `choices` (`expires_at`);--> statement-breakpoint
CREATE INDEX `choices_grant` ON `choices` (`grant_id`);