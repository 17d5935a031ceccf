CREATE TABLE `bulk_jobs` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`phase` text NOT NULL,
	`job_id` text,
	`target` text NOT NULL,
	`object` text NOT NULL,
	`external_id_field` text NOT NULL,
	`after_key` integer NOT NULL,
	`up_to_key` integer NOT NULL,
	`records` integer NOT NULL,
	`polls` integer NOT NULL,
	`due_at` integer NOT NULL,
	`begun_at` integer NOT NULL,
	`version` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
