-- One contact, one row: the conversation. `state` is the JSON of turn/conversation.py.
-- talk_seq and bulk_seq are the last outbox numbers given in each lane, so that numbers are dense.
CREATE TABLE conversation (
    id          TEXT PRIMARY KEY,
    channel     TEXT NOT NULL,
    contact     TEXT NOT NULL,
    version     INTEGER NOT NULL DEFAULT 0,
    epoch       INTEGER NOT NULL DEFAULT 0,
    state       BLOB NOT NULL,
    talk_seq    INTEGER NOT NULL DEFAULT 0,
    bulk_seq    INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until REAL,
    created_at  REAL NOT NULL,
    updated_at  REAL NOT NULL,
    -- the contact first: commands look it up without a channel
    UNIQUE (contact, channel)
);

-- Everything that happens to a conversation, in order of arrival. pending: not begun; open: a leg waits for a call;
-- done: its turn is applied; filed: stored, never a turn (status, reaction, unknown …); dead: given up.
CREATE TABLE inbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT REFERENCES conversation (id),
    channel         TEXT NOT NULL,
    source          TEXT NOT NULL CHECK (source IN ('webhook', 'timer', 'event', 'operator', 'api')),
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
CREATE INDEX inbox_live ON inbox (conversation_id, id) WHERE status IN ('pending', 'open');
CREATE INDEX inbox_due ON inbox (due_at, id) WHERE status IN ('pending', 'open');
CREATE INDEX inbox_dead ON inbox (id) WHERE status = 'dead';
CREATE INDEX inbox_by_conversation ON inbox (conversation_id, id);

-- Which events were seen: outlives the inbox row, so that an erased event is not taken twice. Not indexed by age:
-- marks that ran out are looked for once a day, events come all the time.
CREATE TABLE seen (
    channel       TEXT NOT NULL,
    kind          TEXT NOT NULL,
    gateway_id    TEXT NOT NULL,
    discriminator TEXT NOT NULL,
    digest        BLOB NOT NULL,
    inbox_id      INTEGER NOT NULL,
    seen_at       REAL NOT NULL,
    PRIMARY KEY (channel, kind, gateway_id, discriminator)
) WITHOUT ROWID;

-- One row per leg: input, way, effects. Results of calls are journaled here and never asked for again. A
-- conversation's legs are found by its inbox rows: an index more would cost each leg a page.
CREATE TABLE journal (
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    inbox_id        INTEGER NOT NULL,
    leg             INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    at              REAL NOT NULL,
    entry           BLOB NOT NULL,
    PRIMARY KEY (inbox_id, leg)
) WITHOUT ROWID;

-- A request is what goes over the wire: one or more outbox rows, repeated byte for byte when it is sent again.
-- returned: the gateway did not take it and its rows are pending again.
CREATE TABLE request (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    channel         TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    rank            INTEGER NOT NULL,
    status          TEXT NOT NULL
        CHECK (status IN ('flying', 'sent', 'uncertain', 'unconfirmed', 'failed', 'returned', 'dropped')),
    method          TEXT NOT NULL,
    path            TEXT NOT NULL,
    content_type    TEXT NOT NULL,
    body            BLOB NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 1,
    owner           TEXT NOT NULL,
    created_at      REAL NOT NULL,
    sent_at         REAL NOT NULL,
    answered_at     REAL,
    due_at          REAL,
    http_status     INTEGER,
    gateway_id      TEXT,
    detail          TEXT
);
CREATE INDEX request_busy ON request (conversation_id) WHERE status IN ('flying', 'uncertain');
CREATE INDEX request_uncertain ON request (channel, due_at) WHERE status = 'uncertain';
CREATE INDEX request_flying ON request (owner) WHERE status = 'flying';
CREATE INDEX request_by_gateway_id ON request (channel, gateway_id) WHERE gateway_id IS NOT NULL;

-- One row per bubble, numbered densely per contact and lane. `rank` is the class (turn/effect.py, CLASSES).
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    channel         TEXT NOT NULL,
    lane            TEXT NOT NULL CHECK (lane IN ('talk', 'bulk')),
    seq             INTEGER NOT NULL,
    rank            INTEGER NOT NULL,
    inbox_id        INTEGER,
    leg             INTEGER,
    message         BLOB NOT NULL,
    flow            TEXT NOT NULL,
    step            TEXT NOT NULL,
    place           TEXT NOT NULL DEFAULT '',
    on_failed       TEXT,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'flying', 'uncertain', 'sent', 'unconfirmed',
                                                    'failed', 'expired', 'replaced', 'muted', 'dropped')),
    request_id      INTEGER REFERENCES request (id),
    delivery        TEXT,
    reason          TEXT,
    created_at      REAL NOT NULL,
    expires_at      REAL,
    settled_at      REAL,
    UNIQUE (conversation_id, lane, seq)
);
CREATE INDEX outbox_ready ON outbox (channel, rank, id) WHERE status = 'pending';
CREATE INDEX outbox_head ON outbox (conversation_id, lane, seq) WHERE status = 'pending';
CREATE INDEX outbox_expiring ON outbox (channel, expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL;
CREATE INDEX outbox_by_request ON outbox (request_id) WHERE request_id IS NOT NULL;

-- When each request of a key was sent and answered: what the rate gate counts.
CREATE TABLE ledger (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL,
    request_id  INTEGER,
    owner       TEXT NOT NULL,
    rank        INTEGER NOT NULL,
    sent_at     REAL NOT NULL,
    answered_at REAL,
    http_status INTEGER
);
CREATE INDEX ledger_by_key ON ledger (key, answered_at);
CREATE INDEX ledger_out ON ledger (request_id) WHERE answered_at IS NULL;

-- What the gate has learned of a key, and why it is held; JSON of outbox/rate.py.
CREATE TABLE rate_key (
    key        TEXT PRIMARY KEY,
    state      BLOB NOT NULL,
    updated_at REAL NOT NULL
);

-- What falls due for a conversation: silences, waits, reminders, handoffs.
CREATE TABLE timer (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    due_at          REAL NOT NULL,
    payload         BLOB NOT NULL,
    UNIQUE (conversation_id, name)
);
CREATE INDEX timer_due ON timer (due_at);

-- Flow definitions by digest: a conversation finishes on the text it began with.
CREATE TABLE definition (
    digest     TEXT PRIMARY KEY,
    flow       TEXT NOT NULL,
    source     BLOB NOT NULL,
    created_at REAL NOT NULL
);

-- Rows that `record` steps appended.
CREATE TABLE result (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    inbox_id        INTEGER NOT NULL,
    flow            TEXT NOT NULL,
    at              REAL NOT NULL,
    row             BLOB NOT NULL
);
CREATE INDEX result_by_flow ON result (flow, id);

-- Facts about the store itself: its target, when it was made.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
