-- Whose turn it is to be sent to: a row for each lane of a contact in which something waits, so that the next row is
-- found however many wait. `rank` is the best class among the rows that wait, `newest_at` when the newest of that class
-- was queued, `turn` the place in the round: the last one for who joins or was just served. Triggers keep it, because
-- rows stop waiting in many ways (sent, expired, replaced, dropped) and none of them may be forgotten.
CREATE TABLE waiting (
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    lane            TEXT NOT NULL CHECK (lane IN ('talk', 'bulk')),
    channel         TEXT NOT NULL,
    rank            INTEGER NOT NULL,
    newest_at       REAL NOT NULL,
    turn            INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, lane)
) WITHOUT ROWID;
CREATE INDEX waiting_turn ON waiting (channel, rank, turn);
CREATE INDEX waiting_last ON waiting (turn);
CREATE INDEX waiting_newest ON waiting (channel, rank, newest_at) WHERE lane = 'talk';

DROP INDEX outbox_ready;
CREATE INDEX outbox_best ON outbox (conversation_id, lane, rank, created_at DESC) WHERE status = 'pending';

INSERT INTO waiting (conversation_id, lane, channel, rank, newest_at, turn)
SELECT conversation_id, lane, channel, min(rank), max(created_at), row_number() OVER (ORDER BY min(id))
FROM outbox WHERE status = 'pending' GROUP BY conversation_id, lane;

CREATE TRIGGER outbox_joins AFTER INSERT ON outbox WHEN new.status = 'pending'
BEGIN
    INSERT INTO waiting (conversation_id, lane, channel, rank, newest_at, turn)
    VALUES (new.conversation_id, new.lane, new.channel, new.rank, new.created_at,
            (SELECT coalesce(max(turn), 0) + 1 FROM waiting))
    ON CONFLICT (conversation_id, lane) DO UPDATE
    SET newest_at = CASE WHEN excluded.rank < rank THEN excluded.newest_at
                         WHEN excluded.rank = rank THEN max(newest_at, excluded.newest_at)
                         ELSE newest_at END,
        rank = min(rank, excluded.rank);
END;

CREATE TRIGGER outbox_returns AFTER UPDATE OF status ON outbox WHEN new.status = 'pending' AND old.status != 'pending'
BEGIN
    INSERT INTO waiting (conversation_id, lane, channel, rank, newest_at, turn)
    VALUES (new.conversation_id, new.lane, new.channel, new.rank, new.created_at,
            (SELECT coalesce(max(turn), 0) + 1 FROM waiting))
    ON CONFLICT (conversation_id, lane) DO UPDATE
    SET newest_at = CASE WHEN excluded.rank < rank THEN excluded.newest_at
                         WHEN excluded.rank = rank THEN max(newest_at, excluded.newest_at)
                         ELSE newest_at END,
        rank = min(rank, excluded.rank);
END;

-- What is replaced hands its turn to its copy, which joins in the same transaction.
CREATE TRIGGER outbox_leaves AFTER UPDATE OF status ON outbox
WHEN old.status = 'pending' AND new.status NOT IN ('pending', 'replaced')
BEGIN
    DELETE FROM waiting
    WHERE conversation_id = old.conversation_id AND lane = old.lane
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = old.conversation_id AND o.lane = old.lane
                      AND o.status = 'pending');
    UPDATE waiting
    SET (rank, newest_at) = (SELECT o.rank, o.created_at FROM outbox o
                             WHERE o.conversation_id = old.conversation_id AND o.lane = old.lane
                               AND o.status = 'pending'
                             ORDER BY o.rank, o.created_at DESC LIMIT 1),
        turn = CASE WHEN new.status = 'flying' THEN (SELECT max(turn) + 1 FROM waiting) ELSE turn END
    WHERE conversation_id = old.conversation_id AND lane = old.lane;
END;

CREATE TRIGGER outbox_erased AFTER DELETE ON outbox WHEN old.status = 'pending'
BEGIN
    DELETE FROM waiting
    WHERE conversation_id = old.conversation_id AND lane = old.lane
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = old.conversation_id AND o.lane = old.lane
                      AND o.status = 'pending');
    UPDATE waiting
    SET (rank, newest_at) = (SELECT o.rank, o.created_at FROM outbox o
                             WHERE o.conversation_id = old.conversation_id AND o.lane = old.lane
                               AND o.status = 'pending'
                             ORDER BY o.rank, o.created_at DESC LIMIT 1)
    WHERE conversation_id = old.conversation_id AND lane = old.lane;
END;
