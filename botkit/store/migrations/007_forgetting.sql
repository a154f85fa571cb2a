-- What people may ask to be forgotten is found by whose it is: requests that came back have no row that names them, and
-- results are many. Of a forgotten person only this stays, for as long as a gateway may tell an event again: a hash by
-- which a known event is known, salted by a fact of the store (`forgetting_salt`).
CREATE INDEX request_by_conversation ON request (conversation_id);
CREATE INDEX result_by_conversation ON result (conversation_id);
CREATE TABLE forgotten (
    mark    BLOB PRIMARY KEY,
    seen_at REAL NOT NULL
) WITHOUT ROWID;
