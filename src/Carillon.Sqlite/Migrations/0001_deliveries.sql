-- One row is one delivery: one event for one listener. An event with three durable listeners is three rows, each with the payload, so that a
-- delivery is written, leased and removed by touching one place.
--
-- All times are UTC in ticks of 100 ns since 1970: datetime(due_at / 10000000, 'unixepoch').
--
-- state   0 scheduled, 1 ready, 2 leased, 3 completed, 4 failed, 5 parked, 6 discarded
-- due_at  for 0 and 1 when it may run, for 2 when its lease ends, for the rest when it was settled. One column, so that one index serves all
--         that a worker may lease.
-- token   raised by every lease; only the holder of the latest may settle or extend.
--
-- AUTOINCREMENT, since an id must never be given again: the token counts for each row anew, and a worker that lost its lease would take a new
-- row with the id of a removed one for its own.
CREATE TABLE carillon_deliveries (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    state         INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    token         INTEGER NOT NULL,
    attempt       INTEGER NOT NULL,
    keep_until    INTEGER,
    owner         TEXT,
    listener      TEXT NOT NULL,
    event_id      BLOB NOT NULL CHECK (length(event_id) = 16),
    event_name    TEXT NOT NULL,
    event_version INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    correlation   TEXT NOT NULL,
    causation     BLOB CHECK (causation IS NULL OR length(causation) = 16),
    trace_parent  TEXT,
    trace_state   TEXT,
    error         TEXT,
    payload       BLOB NOT NULL
);

-- What can be leased, in the order in which it is leased. The state is in it so that counting never reads a payload.
CREATE INDEX carillon_deliveries_open ON carillon_deliveries (due_at, id, state) WHERE state < 3;

-- What is settled and still there. A delivery that is removed when it completes never enters it.
CREATE INDEX carillon_deliveries_settled ON carillon_deliveries (state) WHERE state >= 3;

CREATE INDEX carillon_deliveries_kept ON carillon_deliveries (keep_until) WHERE keep_until IS NOT NULL;
