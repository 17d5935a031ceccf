CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`team_id` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`added_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_label` ON `api_tokens` (`label`);--> statement-breakpoint
CREATE TABLE `installations` (
	`team_id` text PRIMARY KEY NOT NULL,
	`bot_user_id` text NOT NULL,
	`scopes` text NOT NULL,
	`sealed` text,
	`installed_by` text NOT NULL,
	`installed_at` integer NOT NULL,
	`channel_id` text,
	`ended_at` integer,
	`ended_how` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `workspace_audit` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`actor` text,
	`action` text NOT NULL,
	`detail` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `workspace_audit_team` ON `workspace_audit` (`team_id`,`at`);