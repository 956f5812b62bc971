"""The tables of `bot.sqlite`, and the steps from one version of them to the next.

An update whose `line` is NULL is finished: only its number is left. Of each line, the one update
that may be claimed next or is held has a `held_until` (0: nobody holds it), all others have NULL;
triggers see to that, so that to claim is to look into one small index however many wait.
"""

APPLICATION_ID = 0x41554449
"""Marks a file as ours: `AUDI`."""

_FIRST = """
CREATE TABLE entries (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    owner INTEGER,
    expires_at REAL,
    PRIMARY KEY (space, key)
) WITHOUT ROWID;
CREATE INDEX entries_by_owner ON entries (owner) WHERE owner IS NOT NULL;
CREATE INDEX entries_by_end ON entries (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE counters (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (space, key)
) WITHOUT ROWID;

CREATE TABLE updates (
    update_id INTEGER PRIMARY KEY,
    received_at REAL NOT NULL,
    line TEXT,
    payload TEXT,
    stage INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    consumer TEXT,
    held_until REAL,
    finished_at REAL
);
CREATE INDEX updates_by_line ON updates (line, update_id) WHERE line IS NOT NULL;
CREATE UNIQUE INDEX heads_by_line ON updates (line) WHERE held_until IS NOT NULL;
CREATE INDEX heads_by_age ON updates (update_id) WHERE held_until IS NOT NULL;
CREATE INDEX updates_by_end ON updates (finished_at) WHERE finished_at IS NOT NULL;

CREATE TRIGGER update_arrives AFTER INSERT ON updates BEGIN
    UPDATE updates SET held_until = NULL, consumer = NULL
        WHERE line = new.line AND held_until <= new.received_at AND update_id > new.update_id;
    UPDATE updates SET held_until = 0
        WHERE update_id = new.update_id AND NOT EXISTS (
            SELECT 1 FROM updates WHERE line = new.line AND held_until IS NOT NULL
        );
END;

CREATE TRIGGER update_gives_way AFTER UPDATE OF held_until ON updates
WHEN old.held_until IS NOT NULL AND new.held_until IS NULL AND new.line IS NOT NULL BEGIN
    UPDATE updates SET held_until = 0
        WHERE update_id = (SELECT min(update_id) FROM updates WHERE line = new.line)
        AND NOT EXISTS (SELECT 1 FROM updates WHERE line = new.line AND held_until IS NOT NULL);
END;

CREATE TRIGGER update_finishes AFTER UPDATE OF line ON updates WHEN new.line IS NULL BEGIN
    UPDATE updates SET held_until = 0
        WHERE update_id = (SELECT min(update_id) FROM updates WHERE line = old.line)
        AND NOT EXISTS (SELECT 1 FROM updates WHERE line = old.line AND held_until IS NOT NULL);
END;
"""

STEPS = (_FIRST,)
"""The script at `n` leads from version `n` to `n + 1`. Never change one that was released."""
