CREATE TABLE `clients` (
	`provider` text NOT NULL,
	`label` text NOT NULL,
	`client_id` text NOT NULL,
	`token_origin` text NOT NULL,
	`sealed` text NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`provider`, `label`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clients_client` ON `clients` (`provider`,`client_id`,`token_origin`);