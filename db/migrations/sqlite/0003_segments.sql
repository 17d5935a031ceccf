CREATE TABLE `bodies` (
	`key` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `segments` (
	`key` integer PRIMARY KEY NOT NULL,
	`connection_no` integer NOT NULL,
	`places` integer NOT NULL,
	`open` integer NOT NULL,
	`bytes` integer NOT NULL,
	`accepted_at` integer NOT NULL,
	`settled_at` integer
);
--> statement-breakpoint
CREATE INDEX `segments_open` ON `segments` (`connection_no`,`key`) WHERE open > 0;--> statement-breakpoint
CREATE INDEX `segments_kept` ON `segments` (`connection_no`,`settled_at`) WHERE open = 0 and bytes > 0;--> statement-breakpoint
CREATE TABLE `strays` (
	`key` integer PRIMARY KEY NOT NULL,
	`connection_no` integer NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`code` text,
	`message` text,
	`field` text,
	`accepted_at` integer NOT NULL,
	`settled_at` integer,
	`payload` text
);
--> statement-breakpoint
CREATE INDEX `strays_due` ON `strays` (`connection_no`,`due_at`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `strays_waiting` ON `strays` (`connection_no`,`key`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `strays_rejected` ON `strays` (`connection_no`,`key`) WHERE state = 'rejected';--> statement-breakpoint
CREATE TABLE `touchpoint_ids` (
	`connection_no` integer NOT NULL,
	`id` text NOT NULL,
	`key` integer NOT NULL,
	`segment` integer NOT NULL,
	`hash` text NOT NULL,
	`superseded` integer NOT NULL,
	`accepted_at` integer NOT NULL,
	PRIMARY KEY(`connection_no`, `id`)
) WITHOUT ROWID;
