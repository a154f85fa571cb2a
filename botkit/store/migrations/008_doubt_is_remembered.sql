-- Whether some request of a message never got a clear answer: it may have arrived, however often it was sent again,
-- given up or queued as another since. What the rows of a store before this end as says so for them.
ALTER TABLE outbox ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET doubted = 1 WHERE request_id IN (
    SELECT id FROM request WHERE status IN ('flying', 'uncertain') AND status = 'uncertain'
);
