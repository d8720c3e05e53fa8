-- Events that are kept for ever, in streams. Times are UTC in ticks of 100 ns since 1970, as in deliveries.
--
-- position  rises in the order in which it is given, which is not that in which transactions commit: see streams and FindEndAsync
-- version   the place in the stream, from 1, without gaps
-- metadata  a JSON object of texts; null if there is none
CREATE TABLE {schema}.events (
    position      bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    version       bigint NOT NULL,
    time          bigint NOT NULL,
    event_version integer NOT NULL,
    event_id      uuid NOT NULL,
    causation     uuid,
    stream        text COLLATE "C" NOT NULL,
    event_name    text COLLATE "C" NOT NULL,
    correlation   text COLLATE "C" NOT NULL,
    who           text,
    trace_parent  text,
    trace_state   text,
    metadata      text,
    payload       bytea NOT NULL
);

CREATE UNIQUE INDEX events_stream ON {schema}.events (stream, version);

-- Which version each stream has. Two transactions that append to one stream meet here, on its row: the second waits for the first and then sees what it
-- has done, so that a wrong version never fails the transaction itself.
CREATE TABLE {schema}.streams (
    name    text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE {schema}.snapshots (
    stream  text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    time    bigint NOT NULL,
    shape   text NOT NULL,
    state   bytea NOT NULL
);

-- How far projections have come. One row a generation.
--
-- role    0 building, 1 live, 2 retired
-- status  0 running, 1 paused, 2 failed
-- token   raised by every lease; only the holder of the latest may write
CREATE TABLE {schema}.projections (
    name            text COLLATE "C" NOT NULL,
    generation      integer NOT NULL,
    role            smallint NOT NULL,
    status          smallint NOT NULL DEFAULT 0,
    position        bigint NOT NULL DEFAULT 0,
    token           bigint NOT NULL DEFAULT 0,
    lease_until     bigint,
    failed_position bigint,
    owner           text,
    error           text,
    PRIMARY KEY (name, generation)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);

CREATE UNIQUE INDEX projections_live ON {schema}.projections (name) WHERE role = 1;
CREATE UNIQUE INDEX projections_building ON {schema}.projections (name) WHERE role = 0;
