-- A dead letter says at which step (`flow/step`) it failed, as `place` says where that is written. One that an operator
-- has dealt with is no letter any more, and stays what it was: an event that was not applied.
ALTER TABLE inbox ADD COLUMN step TEXT;
ALTER TABLE inbox ADD COLUMN resolved TEXT CHECK (resolved IN ('retried', 'dropped'));
DROP INDEX inbox_dead;
CREATE INDEX inbox_dead ON inbox (id) WHERE status = 'dead' AND resolved IS NULL;
