CREATE TABLE carillon_attempts (
    id       INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    error    TEXT NOT NULL
)

CREATE INDEX carillon_attempts_delivery ON carillon_attempts (delivery)

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
)

CREATE INDEX carillon_deliveries_kept ON carillon_deliveries (keep_until) WHERE keep_until IS NOT NULL

CREATE INDEX carillon_deliveries_key ON carillon_deliveries (listener, key_value, state) WHERE key_value IS NOT NULL AND state <> 3 AND state <> 6 AND state <> 7

CREATE INDEX carillon_deliveries_leased ON carillon_deliveries (queue, priority, due_at) WHERE state = 2

CREATE INDEX carillon_deliveries_limited ON carillon_deliveries (listener, key_value, priority DESC, due_at) WHERE state = 8 AND key_order = 0

CREATE INDEX carillon_deliveries_settled ON carillon_deliveries (state) WHERE state >= 3

CREATE INDEX carillon_deliveries_ticks ON carillon_deliveries (id) WHERE event_name = 'carillon.tick'

CREATE UNIQUE INDEX carillon_deliveries_unique ON carillon_deliveries (unique_key) WHERE unique_held = 1

CREATE INDEX carillon_deliveries_waiting ON carillon_deliveries (queue, priority, due_at, id, state) WHERE state < 2

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
)

CREATE UNIQUE INDEX carillon_events_stream ON carillon_events (stream, version)

CREATE TABLE carillon_inbox (
    consumer   TEXT NOT NULL,
    message_id TEXT NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (consumer, message_id)
) WITHOUT ROWID

CREATE INDEX carillon_inbox_kept ON carillon_inbox (keep_until)

CREATE TABLE carillon_paused_queues (
    queue     TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL
) WITHOUT ROWID

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
) WITHOUT ROWID

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
) WITHOUT ROWID

CREATE INDEX carillon_saga_steps_taken ON carillon_saga_steps (saga, key, event_id, step)

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
) WITHOUT ROWID

CREATE INDEX carillon_sagas_keep ON carillon_sagas (keep_until) WHERE keep_until IS NOT NULL

CREATE TABLE carillon_schema (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)

CREATE TABLE carillon_snapshots (
    stream  TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    shape   TEXT NOT NULL,
    state   BLOB NOT NULL
)
