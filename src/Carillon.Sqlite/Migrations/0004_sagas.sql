-- Sagas. One row is one of them; every step adds one to its history, and both are removed together.
--
-- status      0 running, 1 compensating, 2 completed, 3 compensated
-- version     raised by every step: whoever has read an older one comes again
-- progress    what the engine has to know beside the state: open time-outs, what is to be undone
-- keep_until  of those that have ended
CREATE TABLE carillon_sagas (
    saga          TEXT NOT NULL,
    key           TEXT NOT NULL,
    status        INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    state_version INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    keep_until    INTEGER,
    reason        TEXT,
    progress      BLOB NOT NULL,
    state         BLOB NOT NULL,
    PRIMARY KEY (saga, key)
) WITHOUT ROWID;

CREATE INDEX carillon_sagas_keep ON carillon_sagas (keep_until) WHERE keep_until IS NOT NULL;

CREATE TABLE carillon_saga_steps (
    saga       TEXT NOT NULL,
    key        TEXT NOT NULL,
    version    INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    step       TEXT NOT NULL,
    event_name TEXT NOT NULL,
    event_id   BLOB NOT NULL CHECK (length(event_id) = 16),
    PRIMARY KEY (saga, key, version)
) WITHOUT ROWID;
