-- What is no turn but changes what was said (a reaction, a change, a deletion, a message in a group) is journaled as
-- leg 0 of its inbox row, under the version that it met. What groups say is nobody's: it has no conversation, and a
-- column that may be empty is only had by making the table anew.
CREATE TABLE journal_anew (
    conversation_id TEXT REFERENCES conversation (id),
    inbox_id        INTEGER NOT NULL,
    leg             INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    at              REAL NOT NULL,
    entry           BLOB NOT NULL,
    PRIMARY KEY (inbox_id, leg)
) WITHOUT ROWID;
INSERT INTO journal_anew SELECT * FROM journal;
DROP TABLE journal;
ALTER TABLE journal_anew RENAME TO journal;
