-- What the outbox holds goes on as strays: each is settled and tried on its own, as it was.
INSERT INTO touchpoint_ids (connection_no, id, key, segment, hash, superseded, accepted_at)
SELECT connection_no, id, key, key, hash, superseded, accepted_at FROM touchpoints;--> statement-breakpoint
INSERT INTO strays (key, connection_no, id, state, attempts, due_at, code, message, field, accepted_at, settled_at, payload)
SELECT key, connection_no, id, state, attempts, CASE WHEN state = 'waiting' THEN coalesce(due_at, 'epoch') END, code, message, field,
  accepted_at, settled_at, CASE WHEN state IN ('waiting', 'rejected') THEN payload END
FROM touchpoints;--> statement-breakpoint
DROP TABLE "touchpoints" CASCADE;--> statement-breakpoint
ALTER TABLE "backlogs" DROP COLUMN "drained_to";