-- Queues, priorities, keys, uniqueness, cancelling, attempts that are listed, the inbox.
--
-- The table is made anew, since a column that is added comes behind the payload, and whoever reads it has to walk past that. By way of a copy and
-- not by renaming: ALTER TABLE looks at every view of the application, and fails where one is broken.
CREATE TABLE carillon_migration_rows AS SELECT * FROM carillon_deliveries;
CREATE TABLE carillon_migration_ids AS SELECT seq FROM sqlite_sequence WHERE name = 'carillon_deliveries';
DROP TABLE carillon_deliveries;

-- One row is one delivery: one event for one listener. An event with three durable listeners is three rows, each with the payload, so that a
-- delivery is written, leased and removed by touching one place. What only some have (a key, uniqueness) is null for the others and in no index of theirs.
--
-- All times are UTC in ticks of 100 ns since 1970: datetime(due_at / 10000000, 'unixepoch').
--
-- state        0 scheduled, 1 ready, 2 leased, 3 completed, 4 failed, 5 parked for want of its name, 6 discarded, 7 cancelled, 8 parked behind another of its key
-- due_at       for 0, 1 and 8 when it may run, for 2 when its lease ends, for the rest when it was settled.
-- token        raised by every lease; only the holder of the latest may settle or extend.
-- priority     1 high, 0 normal, -1 low
-- key_order    null without a key; 0 in any order, key_limit at once; 1 in the order of the ids; 2 the same, past those that have failed
-- behind       for 8 the delivery that was in its way
-- unique_held  1 while its unique_key keeps others away
-- unique_until 0 until it starts, 1 until it is done; unless unique_ends_at says when
-- unique_since when the first of the events that took the place of one another was dispatched
-- failures     how many rows in carillon_attempts are its
--
-- AUTOINCREMENT, since an id must never be given again: the token counts for each row anew, and a worker that lost its lease would take a new
-- row with the id of a removed one for its own.
CREATE TABLE carillon_deliveries (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    state            INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    token            INTEGER NOT NULL,
    attempt          INTEGER NOT NULL,
    queue            TEXT NOT NULL DEFAULT 'default',
    priority         INTEGER NOT NULL DEFAULT 0,
    key_value        TEXT,
    unique_held      INTEGER NOT NULL DEFAULT 0,
    failures         INTEGER NOT NULL DEFAULT 0,
    keep_until       INTEGER,
    owner            TEXT,
    listener         TEXT NOT NULL,
    key_order        INTEGER,
    key_limit        INTEGER,
    behind           INTEGER,
    unique_key       TEXT,
    unique_until     INTEGER,
    unique_ends_at   INTEGER,
    unique_since     INTEGER,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    event_id         BLOB NOT NULL CHECK (length(event_id) = 16),
    event_name       TEXT NOT NULL,
    event_version    INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    correlation      TEXT NOT NULL,
    causation        BLOB CHECK (causation IS NULL OR length(causation) = 16),
    trace_parent     TEXT,
    trace_state      TEXT,
    error            TEXT,
    payload          BLOB NOT NULL
);

INSERT INTO carillon_deliveries (
    id, state, due_at, token, attempt, listener, keep_until, owner, event_id, event_name, event_version, created_at, correlation, causation,
    trace_parent, trace_state, error, payload)
SELECT id, state, due_at, token, attempt, listener, keep_until, owner, event_id, event_name, event_version, created_at, correlation, causation,
    trace_parent, trace_state, error, payload
FROM carillon_migration_rows;

-- The ids go on where they were, also if the last of them are gone.
DELETE FROM sqlite_sequence WHERE name = 'carillon_deliveries';
INSERT INTO sqlite_sequence (name, seq) SELECT 'carillon_deliveries', seq FROM carillon_migration_ids;
DROP TABLE carillon_migration_rows;
DROP TABLE carillon_migration_ids;

-- What can be leased, in the order in which it is. A row is in one of the two: those that wait, and those whose lease ends some day, of which the second is
-- also what a limit counts. The state is in the first so that counting never reads a payload.
CREATE INDEX carillon_deliveries_waiting ON carillon_deliveries (queue, priority, due_at, id, state) WHERE state < 2;
CREATE INDEX carillon_deliveries_leased ON carillon_deliveries (queue, priority, due_at) WHERE state = 2;

-- The others cost a delivery without a key that is removed when it completes nothing but the question whether it belongs to them.
--
-- What is settled or put aside and still there.
CREATE INDEX carillon_deliveries_settled ON carillon_deliveries (state) WHERE state >= 3;
CREATE INDEX carillon_deliveries_kept ON carillon_deliveries (keep_until) WHERE keep_until IS NOT NULL;

-- Whose turn it is among those of one listener and key: who may be in the way, and who is next of those that wait until there are fewer at once.
CREATE INDEX carillon_deliveries_key ON carillon_deliveries (listener, key_value, state) WHERE key_value IS NOT NULL AND state <> 3 AND state <> 6 AND state <> 7;
CREATE INDEX carillon_deliveries_limited ON carillon_deliveries (listener, key_value, priority DESC, due_at) WHERE state = 8 AND key_order = 0;

CREATE UNIQUE INDEX carillon_deliveries_unique ON carillon_deliveries (unique_key) WHERE unique_held = 1;

-- The attempts that failed, in the order of their ids. The row of the delivery says how many there are: none, for most, and nothing is looked for here.
CREATE TABLE carillon_attempts (
    id       INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    error    TEXT NOT NULL
);

CREATE INDEX carillon_attempts_delivery ON carillon_attempts (delivery);

-- The queues that are paused. A queue that is not needs no row.
CREATE TABLE carillon_paused_queues (
    queue     TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE carillon_inbox (
    consumer   TEXT NOT NULL,
    message_id TEXT NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (consumer, message_id)
) WITHOUT ROWID;

CREATE INDEX carillon_inbox_kept ON carillon_inbox (keep_until);
