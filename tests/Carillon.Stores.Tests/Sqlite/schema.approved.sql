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
)

CREATE INDEX carillon_deliveries_kept ON carillon_deliveries (keep_until) WHERE keep_until IS NOT NULL

CREATE INDEX carillon_deliveries_open ON carillon_deliveries (due_at, id, state) WHERE state < 3

CREATE INDEX carillon_deliveries_settled ON carillon_deliveries (state) WHERE state >= 3

CREATE TABLE carillon_schema (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
