-- Every statement of the SQLite store by name: a sentence, then the SQL. Loaded once by queries.py.

-- ── inbox ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- name: find_arrival
-- Look up in one step whether an event was seen and whether its contact has a conversation; and, where somebody was
-- forgotten, the salt of what is kept of that.
SELECT s.inbox_id, s.digest, s.seen_at, c.id, c.version, c.epoch, c.state, c.created_at,
       (SELECT value FROM meta WHERE name = 'forgetting_salt')
FROM (SELECT 1)
LEFT JOIN seen s ON s.channel = ? AND s.kind = ? AND s.gateway_id = ? AND s.discriminator = ?
LEFT JOIN conversation c ON c.channel = ? AND c.contact = ?;

-- name: add_conversation
-- Begin the row of a contact that writes for the first time.
INSERT INTO conversation (id, channel, contact, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_inbox
-- Store an event under the next id, or one of those that follow; a turn is claimed for whoever stores it (attempt 1).
INSERT INTO inbox (id, conversation_id, channel, source, kind, event, raw, status, attempts, due_at, received_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: last_inbox_id
-- Find the last id that was ever given.
SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'inbox';

-- name: mark_seen
-- Remember an event; a mark that has run out is replaced.
INSERT OR REPLACE INTO seen (channel, kind, gateway_id, discriminator, digest, inbox_id, seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: move_conversation
-- Write a leg's state if nobody moved the conversation on, and reserve its outbox numbers. Columns: id, version, epoch,
-- state, the time, how many rows in each lane. (It begins with UPDATE: only so does the driver count what it changed.)
UPDATE conversation
SET state = moved.column4, version = version + 1, updated_at = moved.column5,
    talk_seq = talk_seq + moved.column6, bulk_seq = bulk_seq + moved.column7
FROM (VALUES (?, ?, ?, ?, ?, ?, ?)) AS moved
WHERE conversation.id = moved.column1 AND version = moved.column2 AND epoch = moved.column3;

-- name: add_outbox
-- Queue one bubble. Columns as they are inserted, but in the place of its number how many of its leg come behind it in
-- the lane: the conversation has reserved theirs.
INSERT INTO outbox (conversation_id, channel, lane, seq, rank, inbox_id, leg, message, flow, step, place, on_failed,
                    status, created_at, expires_at)
SELECT added.column1, added.column2, added.column3,
       CASE added.column3 WHEN 'bulk' THEN c.bulk_seq ELSE c.talk_seq END - added.column4,
       added.column5, added.column6, added.column7, added.column8, added.column9, added.column10, added.column11,
       added.column12, 'pending', added.column13, added.column14
FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)) AS added CROSS JOIN conversation c
WHERE c.id = added.column1;

-- name: add_muted
-- Keep one bubble that is never sent; numbers as in add_outbox.
INSERT INTO outbox (conversation_id, channel, lane, seq, rank, inbox_id, leg, message, flow, step, place, status, reason,
                    created_at, settled_at)
SELECT added.column1, added.column2, 'talk', c.talk_seq - added.column3, added.column4, added.column5, added.column6,
       added.column7, added.column8, added.column9, added.column10, 'muted', added.column11, added.column12,
       added.column12
FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)) AS added CROSS JOIN conversation c
WHERE c.id = added.column1;

-- name: waiting_of_step
-- List what a step said to a contact that still waits in a lane.
SELECT id, message FROM outbox INDEXED BY outbox_head
WHERE conversation_id = ? AND lane = ? AND status = 'pending' AND flow = ? AND step = ?;

-- name: replace_row
-- Take a row back for its copy, which is queued in the same transaction and has its turn.
UPDATE outbox SET status = 'replaced', reason = ?, settled_at = ? WHERE id = ?;

-- name: set_timer
-- Set or replace a conversation's timer.
INSERT INTO timer (conversation_id, name, kind, due_at, payload) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (conversation_id, name)
DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at, payload = excluded.payload;

-- name: cancel_timer
-- Cancel a conversation's timer if there is one.
DELETE FROM timer WHERE conversation_id = ? AND name = ?;

-- name: due_timers
-- Walk the timers that are due, the earliest first, with the channel of their conversation.
SELECT t.id, t.conversation_id, c.channel, t.name, t.kind, json_extract(CAST(t.payload AS TEXT), '$.due')
FROM timer t INDEXED BY timer_due JOIN conversation c ON c.id = t.conversation_id
WHERE t.due_at <= ? ORDER BY t.due_at, t.id LIMIT ?;

-- name: move_timers
-- Move timers of some kinds that are not due yet, and keep of each when it was due first; some due times are left alone.
UPDATE timer SET
    payload = CAST(json_object('due', coalesce(json_extract(CAST(payload AS TEXT), '$.due'), due_at)) AS BLOB),
    due_at = due_at + ?
WHERE due_at > ? AND kind IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE abs(value - timer.due_at) < ?);

-- name: drop_timer
-- Forget a timer that was moved to the inbox.
DELETE FROM timer WHERE id = ?;

-- name: next_timer
-- Find when the earliest timer is due.
SELECT min(due_at) FROM timer;

-- name: add_result
-- Append a row that a `record` step made.
INSERT INTO result (conversation_id, inbox_id, flow, at, row) VALUES (?, ?, ?, ?, ?);

-- name: add_journal
-- Journal a leg under the version that it made.
INSERT INTO journal (conversation_id, inbox_id, leg, version, at, entry) VALUES (?, ?, ?, ?, ?, ?);

-- name: move_inbox
-- Count a leg on its inbox row, and close the row or keep it open for a call; no row if the leg was applied before, or
-- if an older row of the conversation is live.
-- Columns: id, status, legs, closed_at.
UPDATE inbox SET status = moved.column2, legs = moved.column3, closed_at = moved.column4
FROM (VALUES (?, ?, ?, ?)) AS moved
WHERE inbox.id = moved.column1 AND inbox.legs = moved.column3 - 1 AND inbox.status IN ('pending', 'open')
  AND NOT EXISTS (SELECT 1 FROM inbox e INDEXED BY inbox_live
                  WHERE e.conversation_id = inbox.conversation_id AND e.id < inbox.id
                    AND e.status IN ('pending', 'open'));

-- name: our_request
-- Tell whether a gateway's id is that of a request of ours.
SELECT 1 FROM request WHERE channel = ? AND gateway_id = ? LIMIT 1;

-- name: sent_lately
-- List what went to a contact last in a lane, with the requests' bytes and times.
SELECT o.message, r.body, r.sent_at FROM outbox o JOIN request r ON r.id = o.request_id
WHERE o.conversation_id = ? AND o.lane = ? AND r.status != 'returned'
ORDER BY o.seq DESC
LIMIT ?;

-- name: request_of
-- Find the request that a gateway's id names.
SELECT id FROM request WHERE channel = ? AND gateway_id = ? ORDER BY id DESC LIMIT 1;

-- name: uncertain_request
-- Find what a contact's doubt is about.
SELECT conversation_id, id, body, created_at FROM request INDEXED BY request_busy
WHERE conversation_id = ? AND status IN ('flying', 'uncertain') AND status = 'uncertain' LIMIT 1;

-- name: seen_echo
-- Tell whether an echo of an id was seen.
SELECT 1 FROM seen WHERE channel = ? AND kind = 'echo' AND gateway_id = ? LIMIT 1;

-- name: told_before
-- Tell whether a status of an id came before what led to a request: then it is of something else.
SELECT 1 FROM seen
WHERE channel = ? AND kind = 'status' AND gateway_id = ?
  AND inbox_id < (SELECT min(inbox_id) FROM outbox WHERE request_id = ?)
LIMIT 1;

-- name: nameless_requests
-- List what else to a contact may be at the gateway under an id that was never learned: what was sent twice, and what
-- ended without an id although nobody refused it.
SELECT id, body FROM request INDEXED BY request_by_conversation
WHERE conversation_id = ? AND id != ?
  AND (attempts > 1
       OR (gateway_id IS NULL
           AND (status IN ('sent', 'unconfirmed', 'dropped') OR (status = 'returned' AND detail = ?))))
ORDER BY id;

-- name: messages_of
-- List what a request says.
SELECT message FROM outbox WHERE request_id = ? ORDER BY id;

-- name: deliveries
-- List how the rows of a request stand, and how far they have come.
SELECT status, delivery FROM outbox WHERE request_id = ?;

-- name: set_delivery
-- Note how far the rows of a request have come.
UPDATE outbox SET delivery = ? WHERE request_id = ?;

-- name: keep_echo
-- Let news wait for what is in the air.
INSERT INTO echo (conversation_id, inbox_id) VALUES (?, ?);

-- name: waiting_echoes
-- List a contact's echoes that wait, in order of arrival.
SELECT i.channel, i.event, i.received_at FROM echo e JOIN inbox i ON i.id = e.inbox_id
WHERE e.conversation_id = ?
ORDER BY e.inbox_id;

-- name: drop_echoes
-- Let a contact's echoes wait no longer.
DELETE FROM echo WHERE conversation_id = ?;

-- name: redact_inbox
-- Keep of an event that it came, and nothing of what it said.
UPDATE inbox SET event = ?, raw = NULL WHERE id = ?;

-- name: due_inbox
-- Walk the live rows that are due, suspects or not, oldest due first; one behind another of its conversation waits.
SELECT i.id, i.conversation_id
FROM inbox i INDEXED BY inbox_due
WHERE i.status IN ('pending', 'open') AND i.due_at <= ? AND (i.attempts >= 2) = ?
  AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.conversation_id = i.conversation_id AND e.id < i.id
                  AND e.status IN ('pending', 'open'))
ORDER BY i.due_at, i.id;

-- name: take_ahead
-- Let rows be due now that were stored by a clock which ran ahead.
UPDATE inbox SET due_at = ?
WHERE id IN (SELECT id FROM inbox INDEXED BY inbox_due WHERE status IN ('pending', 'open') AND due_at > ?);

-- name: count_attempt
-- Count a claim before the turn begins, so that a crash counts.
UPDATE inbox SET attempts = attempts + 1 WHERE id = ?;

-- name: put_off_next
-- Let the next attempt at a claimed row wait, should the process die of this one.
UPDATE inbox SET due_at = ? WHERE id = ?;

-- name: get_inbox
-- Read an inbox row with its conversation.
SELECT i.id, i.kind, i.source, i.event, i.received_at, i.attempts, i.legs,
       c.id, c.channel, c.contact, c.version, c.epoch, c.state, c.created_at
FROM inbox i JOIN conversation c ON c.id = i.conversation_id
WHERE i.id = ?;

-- name: upcoming_inbox
-- Walk the rows at the head of their conversation by when they fall due.
SELECT i.due_at, i.conversation_id
FROM inbox i INDEXED BY inbox_due
WHERE i.status IN ('pending', 'open')
  AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.conversation_id = i.conversation_id AND e.id < i.id
                  AND e.status IN ('pending', 'open'))
ORDER BY i.due_at, i.id;

-- name: put_off_inbox
-- Give a live row another try later.
UPDATE inbox SET due_at = ?, error = ?, place = ?, step = ? WHERE id = ? AND status IN ('pending', 'open');

-- name: bury_inbox
-- Move a live row to the dead letters; what its last failure is known by stays.
UPDATE inbox
SET status = 'dead', closed_at = ?, attempts = ?, error = coalesce(error, ?),
    place = coalesce(nullif(place, ''), ?), step = coalesce(nullif(step, ''), ?)
WHERE id = ? AND status IN ('pending', 'open');

-- name: list_letters
-- List the dead letters that nobody has dealt with, the newest first.
SELECT i.id, i.conversation_id, c.channel, c.contact, json_extract(CAST(c.state AS TEXT), '$.last.name') AS name,
       i.source, i.kind, i.event, i.received_at, i.closed_at, i.attempts, i.legs, i.error, i.place, i.step
FROM inbox i INDEXED BY inbox_dead JOIN conversation c ON c.id = i.conversation_id
WHERE i.status = 'dead' AND i.resolved IS NULL
ORDER BY i.id DESC
LIMIT ?;

-- name: get_letter
-- Read a dead letter that nobody has dealt with.
SELECT i.id, i.conversation_id, c.channel, c.contact, json_extract(CAST(c.state AS TEXT), '$.last.name') AS name,
       i.source, i.kind, i.event, i.received_at, i.closed_at, i.attempts, i.legs, i.error, i.place, i.step
FROM inbox i JOIN conversation c ON c.id = i.conversation_id
WHERE i.id = ? AND i.status = 'dead' AND i.resolved IS NULL;

-- name: resolve_letter
-- Say how a dead letter was dealt with, unless it was before.
UPDATE inbox SET resolved = ? WHERE id = ? AND status = 'dead' AND resolved IS NULL;

-- name: copy_letter
-- Put a dead letter's event into the inbox anew, claimed for whoever asks (attempt 1).
INSERT INTO inbox (conversation_id, channel, source, kind, event, raw, status, attempts, due_at, received_at)
SELECT conversation_id, channel, source, kind, event, raw, 'pending', 1, ?, ? FROM inbox WHERE id = ?;

-- name: add_definition
-- Keep a definition; a digest that is known says the same text.
INSERT INTO definition (digest, flow, source, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING;

-- name: get_definition
-- Read a definition's source.
SELECT source FROM definition WHERE digest = ?;

-- name: list_definitions
-- List the definitions, each with those that it is pinned to.
SELECT digest, json_extract(CAST(source AS TEXT), '$.calls') FROM definition;

-- name: states_with_definitions
-- List a page of the states that name a definition.
SELECT id, state FROM conversation WHERE id > ? AND instr(state, CAST('"digest":' AS BLOB)) ORDER BY id LIMIT ?;

-- name: drop_definition
-- Forget a definition.
DELETE FROM definition WHERE digest = ?;

-- ── outbox ─────────────────────────────────────────────────────────────────────────────────────────────────────

-- name: expire_outbox
-- Mark some of the rows that would now be wrong to send, and say which of them a flow must hear of.
UPDATE outbox SET status = 'expired', reason = 'expired', settled_at = ?
WHERE id IN (SELECT id FROM outbox INDEXED BY outbox_expiring
             WHERE channel = ? AND status = 'pending' AND expires_at IS NOT NULL AND expires_at <= ? LIMIT ?)
RETURNING id, on_failed;

-- name: next_to_expire
-- Find when the next row will be wrong to send.
SELECT min(expires_at) FROM outbox INDEXED BY outbox_expiring
WHERE channel = ? AND status = 'pending' AND expires_at IS NOT NULL;

-- name: listening_rows
-- List a request's rows whose step is told when they fail.
SELECT id FROM outbox WHERE request_id = ? AND on_failed IS NOT NULL ORDER BY id;

-- name: said_by
-- Read who said a row, and which version of the conversation that made.
SELECT o.conversation_id, o.channel, o.flow, o.on_failed, coalesce(j.version, 0)
FROM outbox o LEFT JOIN journal j ON j.inbox_id = o.inbox_id AND j.leg = o.leg
WHERE o.id = ?;

-- name: let_age
-- Count some of the replies that have waited long among what nobody waits for, in their old place.
UPDATE waiting SET rank = ?
WHERE lane = 'talk' AND conversation_id IN (SELECT conversation_id FROM waiting INDEXED BY waiting_newest
                                            WHERE channel = ? AND rank = ? AND lane = 'talk' AND newest_at <= ? LIMIT ?);

-- name: next_lanes
-- Walk the lanes of a class whose contact has nothing in the air, in the order of the round; bulk waits for talk.
SELECT w.conversation_id, w.lane
FROM waiting w INDEXED BY waiting_turn
WHERE w.channel = ? AND w.rank = ?
  AND NOT EXISTS (SELECT 1 FROM request r WHERE r.conversation_id = w.conversation_id
                  AND r.status IN ('flying', 'uncertain'))
  AND (w.lane = 'talk'
       OR NOT EXISTS (SELECT 1 FROM outbox t WHERE t.conversation_id = w.conversation_id AND t.lane = 'talk'
                      AND t.status = 'pending' AND (t.expires_at IS NULL OR t.expires_at > ?)))
ORDER BY w.turn;

-- name: head_of_lane
-- Read the first row that waits in a contact's lane.
SELECT o.id, o.conversation_id, c.contact, o.lane, o.seq, o.rank, o.message, o.created_at, o.expires_at
FROM outbox o INDEXED BY outbox_head
JOIN conversation c ON c.id = o.conversation_id
WHERE o.conversation_id = ? AND o.lane = ? AND o.status = 'pending' AND (o.expires_at IS NULL OR o.expires_at > ?)
ORDER BY o.seq
LIMIT 1;

-- name: followers
-- List the rows behind a row in its lane that wait, too, up to the first of another class.
SELECT o.id, o.conversation_id, '', o.lane, o.seq, o.rank, o.message, o.created_at, o.expires_at
FROM outbox h JOIN outbox o INDEXED BY outbox_head
  ON o.conversation_id = h.conversation_id AND o.lane = h.lane AND o.status = 'pending' AND o.seq > h.seq
WHERE h.id = ? AND (o.expires_at IS NULL OR o.expires_at > ?)
  AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.conversation_id = h.conversation_id AND b.lane = h.lane
                  AND b.status = 'pending' AND b.seq > h.seq AND b.seq <= o.seq AND b.rank != h.rank)
ORDER BY o.seq
LIMIT ?;

-- name: talk_ahead
-- Count the contacts that somebody waits for, up to a number.
SELECT count(*) FROM (SELECT 1 FROM waiting INDEXED BY waiting_turn WHERE channel = ? AND rank <= ? AND lane = 'talk'
                      LIMIT ?);

-- name: still_pending
-- Read whose a row is, if it still waits.
SELECT conversation_id, rank FROM outbox WHERE id = ? AND channel = ? AND status = 'pending';

-- name: contact_busy
-- Tell whether a contact has a request in flight or uncertain.
SELECT 1 FROM request WHERE conversation_id = ? AND status IN ('flying', 'uncertain') LIMIT 1;

-- name: add_request
-- Commit the intent to send, with the bytes that go out.
INSERT INTO request (channel, conversation_id, rank, status, method, path, content_type, body, owner, created_at,
                     sent_at)
VALUES (?, ?, ?, 'flying', ?, ?, ?, ?, ?, ?, ?);

-- name: add_ledger
-- Enter a sending in the ledger of its key.
INSERT INTO ledger (key, request_id, owner, rank, sent_at) VALUES (?, ?, ?, ?, ?);

-- name: fly_row
-- Put a row on its request.
UPDATE outbox SET status = 'flying', request_id = ? WHERE id = ?;

-- name: fly_again
-- Take an uncertain request into the air once more.
UPDATE request SET status = 'flying', attempts = attempts + 1, owner = ?, sent_at = ?, answered_at = NULL, due_at = NULL
WHERE id = ? AND channel = ? AND status = 'uncertain'
RETURNING conversation_id, rank, attempts, method, path, content_type, body;

-- name: fly_rows_again
-- Put the rows of a request back in the air.
UPDATE outbox SET status = 'flying' WHERE request_id = ?;

-- name: answer_ledger
-- Note when a sending was answered.
UPDATE ledger SET answered_at = ?, http_status = ? WHERE id = ?;

-- name: settle_request
-- Write what an attempt came to, unless that attempt was settled before.
UPDATE request SET status = ?, answered_at = ?, http_status = ?, gateway_id = ?, detail = ?, due_at = ?
WHERE id = ? AND status = 'flying' AND attempts = ?;

-- name: give_up_request
-- Close an uncertain request; what its attempts were answered stays on record.
UPDATE request SET status = ?, http_status = coalesce(?, http_status), gateway_id = coalesce(?, gateway_id), detail = ?,
                   due_at = NULL
WHERE id = ? AND status = 'uncertain';

-- name: whose_request
-- Read to whom a request went.
SELECT conversation_id FROM request WHERE id = ?;

-- name: settle_rows
-- Give a request's rows the state that it came to.
UPDATE outbox SET status = ?, reason = ?, settled_at = ?, doubted = (doubted OR ?) WHERE request_id = ?;

-- name: return_rows
-- Make a request's rows wait again, in their old places.
UPDATE outbox SET status = 'pending', request_id = NULL WHERE request_id = ?;

-- name: save_key_of_request
-- Store the state of the key that a request went out under.
INSERT INTO rate_key (key, state, updated_at) SELECT channel, ?, ? FROM request WHERE id = ?
ON CONFLICT (key) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at;

-- name: save_key
-- Store the state of a key.
INSERT INTO rate_key (key, state, updated_at) VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at;

-- name: get_key
-- Read the state of a key.
SELECT state FROM rate_key WHERE key = ?;

-- name: due_uncertain
-- List a key's uncertain requests that wait for a decision.
SELECT id, attempts, due_at FROM request
WHERE channel = ? AND status = 'uncertain' AND due_at <= ?
ORDER BY id;

-- name: recent_ledger
-- List what a key has out, and what was answered lately; two halves, so that the past is not walked.
SELECT sent_at, answered_at, owner, id FROM ledger WHERE key = ? AND answered_at IS NULL
UNION ALL
SELECT sent_at, answered_at, owner, id FROM ledger WHERE key = ? AND answered_at > ?
ORDER BY sent_at, id;

-- name: move_answers
-- Move the last answers of a key, which may have come before the clock was set, no further than they can be.
UPDATE ledger SET answered_at = max(answered_at, min(answered_at + ?, CASE WHEN http_status IS NULL THEN ? ELSE ? END))
WHERE id IN (SELECT id FROM ledger WHERE key = ? AND answered_at <= ? ORDER BY answered_at DESC LIMIT ?);

-- name: bring_back_answers
-- Let answers that a clock noted which ran ahead be no later than they can be; when they were sent is what happened.
UPDATE ledger SET answered_at = ? WHERE key = ? AND answered_at > ?;

-- name: count_repeated
-- Count what a key sent lately, and how much of it again; two halves, so that the past is not walked.
SELECT count(*), count(request_id) - count(DISTINCT request_id)
FROM (SELECT request_id FROM ledger WHERE key = ? AND answered_at IS NULL
      UNION ALL
      SELECT request_id FROM ledger WHERE key = ? AND answered_at > ?);

-- name: flying_requests
-- List the requests that a worker has in the air.
SELECT id, attempts FROM request INDEXED BY request_flying WHERE owner = ? AND status = 'flying' ORDER BY id;

-- name: recall_ledger
-- Count a sending that never left as answered.
UPDATE ledger SET answered_at = ? WHERE request_id = ? AND answered_at IS NULL;

-- name: forget_sending
-- Take a sending that never left out of the ledger.
DELETE FROM ledger WHERE request_id = ? AND answered_at IS NULL;

-- name: doubt_again
-- Make a request uncertain again that was to be sent once more, and was not.
UPDATE request SET status = 'uncertain', attempts = attempts - 1, due_at = ? WHERE id = ?;

-- name: ground_ledger
-- Count the sendings that a stopped worker left in the air as answered; an errand has no request.
UPDATE ledger SET answered_at = ?
WHERE answered_at IS NULL
  AND (request_id IN (SELECT id FROM request WHERE status = 'flying' AND (? IS NULL OR owner = ?))
       OR (request_id IS NULL AND (? IS NULL OR owner = ?)));

-- name: ground_rows
-- Make the rows that a stopped worker left in the air uncertain.
UPDATE outbox SET status = 'uncertain', reason = ?, doubted = 1
WHERE request_id IN (SELECT id FROM request WHERE status = 'flying' AND (? IS NULL OR owner = ?));

-- name: ground_requests
-- Make the requests that a stopped worker left in the air uncertain.
UPDATE request SET status = 'uncertain', due_at = ?, detail = ?
WHERE status = 'flying' AND (? IS NULL OR owner = ?);

-- ── desk ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- name: conversations_of
-- List the conversations of a contact under any of three spellings of its key, or the one of an id.
SELECT id, channel, contact, version, epoch, state, created_at, updated_at
FROM conversation WHERE (contact IN (?, ?, ?) OR id = ?) AND (? IS NULL OR channel = ?)
ORDER BY channel;

-- name: list_outbox
-- List everybody's outbox rows, newest first.
SELECT o.id, o.conversation_id, o.channel, c.contact, o.lane, o.seq, o.rank, o.status, o.message, o.flow, o.step,
       o.place, o.created_at, o.expires_at, o.settled_at, o.reason, o.delivery, o.request_id, r.gateway_id
FROM outbox o JOIN conversation c ON c.id = o.conversation_id LEFT JOIN request r ON r.id = o.request_id
WHERE (? IS NULL OR o.status = ?) AND (? IS NULL OR o.channel = ?)
ORDER BY o.id DESC
LIMIT ?;

-- name: list_outbox_of
-- List a conversation's outbox rows, newest first; apart, because only so its index is used.
SELECT o.id, o.conversation_id, o.channel, c.contact, o.lane, o.seq, o.rank, o.status, o.message, o.flow, o.step,
       o.place, o.created_at, o.expires_at, o.settled_at, o.reason, o.delivery, o.request_id, r.gateway_id
FROM outbox o JOIN conversation c ON c.id = o.conversation_id LEFT JOIN request r ON r.id = o.request_id
WHERE o.conversation_id = ? AND (? IS NULL OR o.status = ?) AND (? IS NULL OR o.channel = ?)
ORDER BY o.id DESC
LIMIT ?;

-- name: waiting_lanes
-- List a page of the lanes in which something waits, with how much.
SELECT w.conversation_id, w.lane, w.rank, w.turn,
       (SELECT count(*) FROM outbox o INDEXED BY outbox_head
        WHERE o.conversation_id = w.conversation_id AND o.lane = w.lane AND o.status = 'pending'), w.channel
FROM waiting w
WHERE (w.conversation_id, w.lane) > (?, ?)
ORDER BY w.conversation_id, w.lane LIMIT ?;

-- name: waiting_in_lane
-- List the first rows that wait in a lane, in order.
SELECT id FROM outbox INDEXED BY outbox_head
WHERE conversation_id = ? AND lane = ? AND status = 'pending' ORDER BY seq LIMIT ?;

-- name: in_air
-- List the rows whose request is out or uncertain.
SELECT o.id FROM request r INDEXED BY request_busy JOIN outbox o ON o.request_id = r.id
WHERE r.status IN ('flying', 'uncertain') ORDER BY o.id;

-- name: in_air_to
-- List the rows whose request is out or uncertain, of one contact; apart, because only so its index is used.
SELECT o.id FROM request r INDEXED BY request_busy JOIN outbox o ON o.request_id = r.id
WHERE r.conversation_id = ? AND r.status IN ('flying', 'uncertain') ORDER BY o.id;

-- name: ended_lately
-- List a contact's rows that ended without being sent, newest first.
SELECT id FROM outbox
WHERE conversation_id = ? AND settled_at >= ? AND status NOT IN ('pending', 'flying', 'uncertain', 'sent')
ORDER BY settled_at DESC, id DESC LIMIT ?;

-- name: queued_row
-- Read one row with its contact and its request.
SELECT o.id, o.conversation_id, o.channel, c.contact, o.lane, o.seq, o.rank, o.status, o.message, o.flow, o.step,
       o.place, o.inbox_id, o.created_at, o.expires_at, o.settled_at, o.reason, o.delivery, o.doubted,
       o.request_id, r.status AS request_status, r.attempts, r.sent_at,
       CASE WHEN r.http_status IS NOT NULL THEN r.answered_at END AS answered_at, r.due_at, r.http_status,
       r.gateway_id, r.detail
FROM outbox o JOIN conversation c ON c.id = o.conversation_id LEFT JOIN request r ON r.id = o.request_id
WHERE o.id = ?;

-- name: requests_for
-- List the requests to a contact that were answered from a time on, oldest first: one of them, and those that left all
-- their messages behind.
SELECT DISTINCT r.id, r.status, r.attempts, r.created_at, r.sent_at,
       CASE WHEN r.http_status IS NOT NULL THEN r.answered_at END AS answered_at, r.http_status, r.gateway_id,
       r.detail, r.method, r.path
FROM ledger l INDEXED BY ledger_by_key JOIN request r ON r.id = l.request_id
WHERE l.key = ? AND l.answered_at >= ? AND r.conversation_id = ?
  AND (r.id = ? OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.request_id = r.id))
ORDER BY r.id LIMIT ?;

-- name: waiting_everywhere
-- List what waits, in one channel or in all.
SELECT o.id FROM waiting w JOIN outbox o INDEXED BY outbox_head
  ON o.conversation_id = w.conversation_id AND o.lane = w.lane AND o.status = 'pending'
WHERE (? IS NULL OR w.conversation_id = ?) AND (? IS NULL OR w.channel = ?)
UNION
SELECT o.id FROM request r INDEXED BY request_busy JOIN outbox o ON o.request_id = r.id
WHERE r.status IN ('flying', 'uncertain') AND r.status = 'uncertain' AND (? IS NULL OR r.conversation_id = ?) AND (? IS NULL OR r.channel = ?)
ORDER BY 1;

-- name: rows_of_request
-- List the rows of a request.
SELECT id FROM outbox WHERE request_id = ? ORDER BY id;

-- name: has_left_behind
-- Tell whether something behind a row in its lane left, or may have.
SELECT 1 FROM outbox
WHERE conversation_id = ? AND lane = ? AND seq > ?
  AND (doubted OR status IN ('flying', 'uncertain', 'sent', 'unconfirmed')
       OR (status = 'dropped' AND request_id IS NOT NULL))
LIMIT 1;

-- name: requeue_row
-- Have a row that ended wait again in its old place.
UPDATE outbox
SET status = 'pending', request_id = NULL, reason = NULL, delivery = NULL, settled_at = NULL, expires_at = NULL,
    on_failed = NULL,
    doubted = (doubted OR status = 'unconfirmed' OR (status = 'dropped' AND request_id IS NOT NULL))
WHERE id = ?;

-- name: next_number
-- Give the next number of a lane.
UPDATE conversation SET talk_seq = talk_seq + (? = 'talk'), bulk_seq = bulk_seq + (? = 'bulk')
WHERE id = ?
RETURNING CASE ? WHEN 'talk' THEN talk_seq ELSE bulk_seq END;

-- name: copy_row
-- Queue what a row says once more, at the end of its lane.
INSERT INTO outbox (conversation_id, channel, lane, seq, rank, message, flow, step, place, status, created_at,
                    doubted)
SELECT conversation_id, channel, lane, ?, rank, message, flow, step, place, 'pending', ?,
       (doubted OR status = 'unconfirmed' OR (status = 'dropped' AND request_id IS NOT NULL))
FROM outbox WHERE id = ?;

-- name: drop_row
-- Drop a row that waits, and say whether its flow must hear of it.
UPDATE outbox SET status = 'dropped', reason = ?, settled_at = ? WHERE id = ? AND status = 'pending'
RETURNING on_failed;

-- name: last_legs
-- List the last legs of a conversation, newest first, each with the event that made it.
SELECT j.inbox_id, j.leg, j.version, j.at, j.entry, i.kind, i.event, i.received_at
FROM inbox i JOIN journal j ON j.inbox_id = i.id
WHERE i.conversation_id = ? AND j.leg > 0
ORDER BY i.id DESC, j.leg DESC LIMIT ?;

-- name: live_events
-- List what waits to be applied to a conversation, oldest first.
SELECT id, kind, status, attempts, received_at, due_at, closed_at, error, place
FROM inbox INDEXED BY inbox_live
WHERE conversation_id = ? AND status IN ('pending', 'open') ORDER BY id LIMIT ?;

-- name: dead_events
-- List the dead letters of a conversation that nobody has dealt with, newest first.
SELECT id, kind, status, attempts, received_at, due_at, closed_at, error, place
FROM inbox INDEXED BY inbox_by_conversation
WHERE conversation_id = ? AND status = 'dead' AND resolved IS NULL ORDER BY id DESC LIMIT ?;

-- name: list_handoffs
-- List the conversations that people have, the one whose time is over first: each has a timer.
SELECT c.id, c.channel, c.contact, c.state
FROM timer t JOIN conversation c ON c.id = t.conversation_id
WHERE t.name = 'handoff'
ORDER BY t.due_at, c.id;

-- name: heard_since
-- List what a person wrote, and what somebody typed on the phone, from an inbox row on, newest first.
SELECT id, id AS inbox_id, kind, event, received_at AS at FROM inbox
WHERE conversation_id = ? AND id >= ? AND kind IN ('message', 'operator') AND status != 'dead'
ORDER BY id DESC
LIMIT ?;

-- name: said_since
-- List what was queued for a person by inbox rows from one on, newest first.
SELECT id, inbox_id, message, flow, status, created_at AS at FROM outbox
WHERE conversation_id = ? AND lane = 'talk' AND inbox_id >= ?
ORDER BY seq DESC
LIMIT ?;

-- name: list_talkers
-- List a page of all conversations, with the name that the gateway gave.
SELECT id, channel, contact, json_extract(CAST(state AS TEXT), '$.last.name') AS name, updated_at FROM conversation
WHERE id > ? ORDER BY id LIMIT ?;

-- name: list_turns
-- List a page of what happened to a conversation, oldest first; how far messages came is no part of it.
SELECT id, kind, source, status, event, received_at AS at FROM inbox
WHERE conversation_id = ? AND id > ? AND kind NOT IN ('status', 'echo', 'session', 'unknown', 'forget')
ORDER BY id
LIMIT ?;

-- name: legs_of_turns
-- List the legs that a conversation's events made, from one to another, in order.
SELECT j.inbox_id, j.leg, j.version, j.at, j.entry FROM inbox i JOIN journal j ON j.inbox_id = i.id
WHERE i.conversation_id = ? AND i.id BETWEEN ? AND ?
ORDER BY j.inbox_id, j.leg;

-- name: said_in_turns
-- List what a conversation's events had the bot say, from one to another, in order.
SELECT id, inbox_id, leg, message, flow, step, place, status, created_at AS at FROM outbox
WHERE conversation_id = ? AND lane = 'talk' AND inbox_id BETWEEN ? AND ?
ORDER BY seq;

-- name: begun_before
-- Find the last event up to a time at which nothing ran.
SELECT i.id FROM inbox i JOIN journal j ON j.inbox_id = i.id AND j.leg = 1
WHERE i.conversation_id = ? AND i.received_at <= ? AND instr(j.entry, CAST('"begin":' AS BLOB))
ORDER BY i.id DESC
LIMIT 1;

-- name: list_results
-- List a page of what a flow recorded, oldest first.
SELECT id, at, conversation_id, row FROM result WHERE flow = ? AND id > ? AND at >= ? ORDER BY id LIMIT ?;

-- name: count_results
-- Count what each flow recorded.
SELECT flow, count(*) AS rows FROM result GROUP BY flow ORDER BY flow;

-- name: list_live
-- List a page of the conversations in which a flow runs or a reminder waits. Inside a text the quotes would be escaped.
SELECT id, channel, contact, state FROM conversation
WHERE id > ? AND (instr(state, CAST('"frames":' AS BLOB)) OR instr(state, CAST('"reminders":' AS BLOB)))
ORDER BY id LIMIT ?;

-- name: count_rows
-- Count what stands where.
SELECT (SELECT count(*) FROM inbox WHERE status IN ('pending', 'open')) AS inbox_live,
       (SELECT count(*) FROM inbox WHERE status = 'dead' AND resolved IS NULL) AS inbox_dead,
       (SELECT count(*) FROM outbox WHERE status = 'pending') AS outbox_pending,
       (SELECT count(*) FROM request WHERE status = 'uncertain') AS outbox_uncertain,
       (SELECT count(*) FROM conversation) AS conversations;

-- name: get_meta
-- Read a fact about the store.
SELECT value FROM meta WHERE name = ?;

-- name: set_meta
-- Keep a fact about the store.
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: write_proof
-- Keep twice so many random characters, which no disk makes small.
INSERT INTO meta (name, value) VALUES ('write_proof', hex(randomblob(?)))
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- ── keeping ────────────────────────────────────────────────────────────────────────────────────────────────────

-- name: count_under_way
-- Count the messages and the events that are not done with, and the conversations.
SELECT (SELECT count(*) FROM outbox WHERE status IN ('pending', 'flying', 'uncertain')),
       (SELECT count(*) FROM inbox WHERE status IN ('pending', 'open')),
       (SELECT count(*) FROM conversation);

-- name: drop_all_rows
-- Drop whatever waits to be sent, or for a clear answer.
UPDATE outbox SET status = 'dropped', reason = ?, settled_at = ? WHERE status IN ('pending', 'flying', 'uncertain');

-- name: drop_all_requests
-- Close the requests without a clear answer.
UPDATE request SET status = 'dropped', detail = ?, due_at = NULL WHERE status IN ('flying', 'uncertain');

-- name: land_all
-- Count the sendings without an answer as answered.
UPDATE ledger SET answered_at = ? WHERE answered_at IS NULL;

-- name: skip_numbers
-- Leave out numbers that may have been given in a time that is lost.
UPDATE sqlite_sequence SET seq = seq + ?;

-- name: know_keys
-- Have a state for the key of every channel.
INSERT INTO rate_key (key, state, updated_at)
SELECT DISTINCT channel, CAST('{"refusals":[]}' AS BLOB), ? FROM conversation WHERE true ON CONFLICT DO NOTHING;

-- name: hold_keys
-- Hold the keys that nothing else holds, for the gate to say how long: once, by the verdict.
UPDATE rate_key
SET state = CAST(json_set(CAST(state AS TEXT), '$.held_until', ?, '$.why', ?, '$.verdict', ?, '$.run', 0) AS BLOB)
WHERE coalesce(json_extract(CAST(state AS TEXT), '$.held_until'), 0) <= ?
  AND NOT coalesce(json_extract(CAST(state AS TEXT), '$.stopped'), 0);

-- name: newest_event
-- Read which event is the last, and when it came.
SELECT id, received_at FROM inbox ORDER BY id DESC LIMIT 1;

-- name: gateway_times
-- Read when the newest of a gateway's events were, by its own clock.
SELECT json_extract(CAST(event AS TEXT), '$.at') AS at FROM inbox
WHERE id > ? AND source = 'webhook' AND at IS NOT NULL ORDER BY id DESC LIMIT 20;

-- ── forgetting ─────────────────────────────────────────────────────────────────────────────────────────────────

-- name: count_holdings
-- Count what there is of a contact.
SELECT (SELECT count(*) FROM inbox WHERE conversation_id = ?),
       (SELECT count(*) FROM inbox i JOIN journal j ON j.inbox_id = i.id WHERE i.conversation_id = ?),
       (SELECT count(*) FROM outbox WHERE conversation_id = ?),
       (SELECT count(*) FROM result WHERE conversation_id = ?),
       (SELECT count(*) FROM timer WHERE conversation_id = ?);

-- name: whose_conversation
-- Read whose a conversation is.
SELECT channel, contact FROM conversation WHERE id = ?;

-- name: erase_waiting
-- Erase some of what waits to be sent to a contact.
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox INDEXED BY outbox_head
                                WHERE conversation_id = ? AND status = 'pending' LIMIT ?);

-- name: is_flying
-- Tell whether a request to a contact is in the air.
SELECT 1 FROM request INDEXED BY request_busy
WHERE conversation_id = ? AND status IN ('flying', 'uncertain') AND status = 'flying' LIMIT 1;

-- name: nobodys_rows
-- Read the rows of nobody's, any of which may name a contact.
SELECT id, event, raw FROM inbox WHERE conversation_id IS NULL;

-- name: seen_of
-- List what was seen of a contact: of its rows up to one, of those of nobody's, and what names it.
SELECT channel, kind, gateway_id, discriminator, seen_at FROM seen
WHERE inbox_id IN (SELECT id FROM inbox WHERE conversation_id = ? AND id <= ?)
   OR inbox_id IN (SELECT value FROM json_each(?)) OR instr(gateway_id, ?);

-- name: add_mark
-- Keep that an event was seen whose person was forgotten.
INSERT INTO forgotten (mark, seen_at) VALUES (?, ?) ON CONFLICT (mark) DO NOTHING;

-- name: find_mark
-- Look up whether such an event was seen between two times.
SELECT 1 FROM forgotten WHERE mark = ? AND seen_at BETWEEN ? AND ?;

-- name: drop_seen
-- Forget that an event was seen.
DELETE FROM seen WHERE channel = ? AND kind = ? AND gateway_id = ? AND discriminator = ?;

-- name: add_meta
-- Keep a fact about the store, unless it is known.
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING;

-- name: erase_legs
-- Erase the journal of an event.
DELETE FROM journal WHERE inbox_id = ?;

-- name: erase_event
-- Erase an event.
DELETE FROM inbox WHERE id = ?;

-- name: some_requests
-- List some requests to a contact.
SELECT id, channel, gateway_id FROM request INDEXED BY request_by_conversation WHERE conversation_id = ? LIMIT ?;

-- name: erase_rows_of_request
-- Erase the messages of a request.
DELETE FROM outbox WHERE request_id = ?;

-- name: erase_request
-- Erase a request.
DELETE FROM request WHERE id = ?;

-- name: some_events
-- List some of a contact's events before one.
SELECT id FROM inbox WHERE conversation_id = ? AND id < ? ORDER BY id LIMIT ?;

-- name: erase_outbox
-- Erase some messages to a contact.
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE conversation_id = ? LIMIT ?);

-- name: erase_results
-- Erase some of what flows recorded about a contact.
DELETE FROM result WHERE id IN (SELECT id FROM result WHERE conversation_id = ? LIMIT ?);

-- name: erase_timers
-- Erase what would fall due for a contact.
DELETE FROM timer WHERE conversation_id = ?;

-- name: erase_echoes
-- Let a contact's echoes up to one wait no longer.
DELETE FROM echo WHERE conversation_id = ? AND inbox_id <= ?;

-- name: late_events
-- List what is left of a contact's events.
SELECT id, source, kind, event FROM inbox WHERE conversation_id = ? ORDER BY id;

-- name: rename_contact
-- Free the name of a contact for its new conversation.
UPDATE conversation SET contact = id WHERE id = ?;

-- name: move_events
-- Give events to another conversation.
UPDATE inbox SET conversation_id = ? WHERE conversation_id = ?;

-- name: move_legs
-- Give what such events journaled to it, too.
UPDATE journal SET conversation_id = ? WHERE inbox_id IN (SELECT id FROM inbox WHERE conversation_id = ?);

-- name: move_echoes
-- Give the echoes that wait to it, too.
UPDATE echo SET conversation_id = ? WHERE conversation_id = ?;

-- name: erase_conversation
-- Erase a conversation.
DELETE FROM conversation WHERE id = ?;

-- ── erasing by age ─────────────────────────────────────────────────────────────────────────────────────────────

-- name: old_events
-- Find events that are done with, and that nothing waits for.
SELECT id FROM inbox i WHERE received_at < ? AND status IN ('done', 'filed')
  AND NOT EXISTS (SELECT 1 FROM echo e WHERE e.conversation_id = i.conversation_id AND e.inbox_id = i.id)
LIMIT ?;

-- name: old_letters
-- Find dead letters.
SELECT id FROM inbox WHERE closed_at < ? AND status = 'dead' LIMIT ?;

-- name: old_messages
-- Find messages that ended, with their requests; and requests that came back, whose messages went with others.
SELECT id, request_id FROM outbox WHERE created_at < ? AND status NOT IN ('pending', 'flying', 'uncertain')
UNION ALL
SELECT NULL, id FROM request r WHERE created_at < ? AND status NOT IN ('flying', 'uncertain')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.request_id = r.id)
LIMIT ?;

-- name: old_results
-- Find what flows recorded.
SELECT id FROM result WHERE at < ? LIMIT ?;

-- name: old_marks
-- Find what was seen, of people who were forgotten as well.
SELECT channel, kind, gateway_id, discriminator, NULL FROM seen WHERE seen_at < ?
UNION ALL
SELECT NULL, NULL, NULL, NULL, mark FROM forgotten WHERE seen_at < ?
LIMIT ?;

-- name: old_ledger
-- Find sendings that were answered.
SELECT id FROM ledger WHERE answered_at < ? LIMIT ?;

-- name: erase_message
-- Erase a message.
DELETE FROM outbox WHERE id = ?;

-- name: erase_bare_request
-- Erase a request whose messages are gone.
DELETE FROM request WHERE id = ? AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.request_id = request.id);

-- name: erase_result
-- Erase a row that a flow recorded.
DELETE FROM result WHERE id = ?;

-- name: drop_mark
-- Forget that an event of somebody forgotten was seen.
DELETE FROM forgotten WHERE mark = ?;

-- name: erase_ledger
-- Erase a sending.
DELETE FROM ledger WHERE id = ?;
