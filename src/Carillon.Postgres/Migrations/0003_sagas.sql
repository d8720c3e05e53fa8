-- Sagas. One row is one of them; every step adds one to its history, and both are removed together.
--
-- status      0 running, 1 compensating, 2 completed, 3 compensated
-- version     raised by every step: whoever has read an older one comes again
-- progress    what the engine has to know beside the state: open time-outs, what is to be undone
-- keep_until  of those that have ended
CREATE TABLE {schema}.sagas (
    version       bigint NOT NULL,
    started_at    bigint NOT NULL,
    updated_at    bigint NOT NULL,
    keep_until    bigint,
    state_version integer NOT NULL,
    status        smallint NOT NULL,
    saga          text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    reason        text,
    progress      bytea NOT NULL,
    state         bytea NOT NULL,
    PRIMARY KEY (saga, key)
);

-- A saga changes with each of its steps, and only what no index has: room in its page makes that a heap-only update.
ALTER TABLE {schema}.sagas SET (fillfactor = 70);

CREATE INDEX sagas_keep ON {schema}.sagas (keep_until) WHERE keep_until IS NOT NULL;

CREATE TABLE {schema}.saga_steps (
    version    bigint NOT NULL,
    at         bigint NOT NULL,
    status     smallint NOT NULL,
    event_id   uuid NOT NULL,
    saga       text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    step       text COLLATE "C" NOT NULL,
    event_name text COLLATE "C" NOT NULL,
    PRIMARY KEY (saga, key, version)
);
