-- What the bot remembers: values, counters, windows.
-- Statements may run twice: a version that was applied may not have been noted.

-- The program compares this with what it knows; each version raises it by one.
CREATE TABLE IF NOT EXISTS bot_schema (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    version integer NOT NULL
);
INSERT INTO bot_schema (version) VALUES (1) ON CONFLICT DO NOTHING;

-- Keys are UTF-8 as bytes: ordered by code points whatever the collation, and free to hold NUL.
-- `once` tells an addition that runs again after a broken connection from another.
CREATE TABLE IF NOT EXISTS bot_entries (
    space text NOT NULL,
    key bytea NOT NULL,
    value text NOT NULL,
    owner bigint,
    expires_at timestamptz,
    once uuid,
    PRIMARY KEY (space, key)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX IF NOT EXISTS bot_entries_by_owner ON bot_entries (owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS bot_entries_by_end ON bot_entries (expires_at)
    WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS bot_counters (
    space text NOT NULL,
    key bytea NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (space, key)
) WITH (fillfactor = 50);

-- Unlogged: a window may be lost in a crash, and is not worth a write-ahead log.
CREATE UNLOGGED TABLE IF NOT EXISTS bot_hits (
    key bytea PRIMARY KEY,
    hits integer NOT NULL,
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
