-- The outbox tells flows of messages that will not arrive: a source more of what happens to a conversation. A CHECK is
-- only changed by making its table anew; numbers given before are never given again.
CREATE TABLE inbox_anew (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT REFERENCES conversation (id),
    channel         TEXT NOT NULL,
    source          TEXT NOT NULL CHECK (source IN ('webhook', 'timer', 'event', 'operator', 'api', 'outbox')),
    kind            TEXT NOT NULL,
    event           BLOB NOT NULL,
    raw             BLOB,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'open', 'done', 'filed', 'dead')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    legs            INTEGER NOT NULL DEFAULT 0,
    due_at          REAL NOT NULL,
    received_at     REAL NOT NULL,
    closed_at       REAL,
    error           TEXT,
    place           TEXT
);
INSERT INTO inbox_anew SELECT * FROM inbox;
DELETE FROM sqlite_sequence WHERE name = 'inbox_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'inbox_anew', seq FROM sqlite_sequence WHERE name = 'inbox';
DROP TABLE inbox;
ALTER TABLE inbox_anew RENAME TO inbox;
CREATE INDEX inbox_live ON inbox (conversation_id, id) WHERE status IN ('pending', 'open');
CREATE INDEX inbox_due ON inbox (due_at, id) WHERE status IN ('pending', 'open');
CREATE INDEX inbox_dead ON inbox (id) WHERE status = 'dead';
CREATE INDEX inbox_by_conversation ON inbox (conversation_id, id);
