-- Echoes that cannot be told apart yet: something to their contact is in the air. They are looked at when it lands.
CREATE TABLE echo (
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    inbox_id        INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, inbox_id)
) WITHOUT ROWID;
