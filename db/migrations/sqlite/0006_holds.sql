CREATE TABLE `holds` (
	`connection_id` text NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer,
	`by` text,
	`detail` text NOT NULL,
	PRIMARY KEY(`connection_id`, `reason`),
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE no action
);
