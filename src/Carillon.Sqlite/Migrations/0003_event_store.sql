-- Events that are kept for ever, in streams. Times are UTC in ticks of 100 ns since 1970, as in deliveries.
--
-- position  rises from commit to commit, since SQLite has one writer: nobody can miss an event that commits late
-- version   the place in the stream, from 1, without gaps
-- metadata  a JSON object of texts; null if there is none
CREATE TABLE carillon_events (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    stream        TEXT NOT NULL,
    version       INTEGER NOT NULL,
    time          INTEGER NOT NULL,
    event_id      BLOB NOT NULL,
    event_name    TEXT NOT NULL,
    event_version INTEGER NOT NULL,
    correlation   TEXT NOT NULL,
    causation     BLOB,
    who           TEXT,
    trace_parent  TEXT,
    trace_state   TEXT,
    metadata      TEXT,
    payload       BLOB NOT NULL
);

CREATE UNIQUE INDEX carillon_events_stream ON carillon_events (stream, version);

CREATE TABLE carillon_snapshots (
    stream  TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    shape   TEXT NOT NULL,
    state   BLOB NOT NULL
);

-- How far projections have come. One row a generation.
--
-- role    0 building, 1 live, 2 retired
-- status  0 running, 1 paused, 2 failed
-- token   raised by every lease; only the holder of the latest may write
CREATE TABLE carillon_projections (
    name            TEXT NOT NULL,
    generation      INTEGER NOT NULL,
    role            INTEGER NOT NULL,
    status          INTEGER NOT NULL DEFAULT 0,
    position        INTEGER NOT NULL DEFAULT 0,
    token           INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER,
    failed_position INTEGER,
    owner           TEXT,
    error           TEXT,
    PRIMARY KEY (name, generation)
) WITHOUT ROWID;
