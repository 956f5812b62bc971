-- Updates that wait for their answer, in the order of each line.
-- depends: bot_0001_store
-- Statements may run twice: a version that was applied may not have been noted.

-- An update whose line is NULL is finished: only its number is left.
CREATE TABLE IF NOT EXISTS bot_updates (
    update_id bigint PRIMARY KEY,
    line bytea,
    payload text,
    stage smallint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    finished_at timestamptz
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX IF NOT EXISTS bot_updates_by_line ON bot_updates (line, update_id)
    WHERE line IS NOT NULL;
CREATE INDEX IF NOT EXISTS bot_updates_by_end ON bot_updates (finished_at)
    WHERE finished_at IS NOT NULL;

-- Of each line with unfinished updates: the one that is held or may be claimed next. Who changes
-- a line locks its row first, so that whatever happens to one line happens one after another.
CREATE TABLE IF NOT EXISTS bot_lines (
    line bytea PRIMARY KEY,
    head bigint NOT NULL,
    consumer text,
    held_until timestamptz NOT NULL DEFAULT 'epoch'
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX IF NOT EXISTS bot_lines_by_age ON bot_lines (head);

UPDATE bot_schema SET version = 2 WHERE version < 2;
