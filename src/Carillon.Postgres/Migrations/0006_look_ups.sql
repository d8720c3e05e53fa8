-- The ticks of schedules, a few among all that waits: the lists of schedules are made from them. Nothing else enters this index, so nobody else pays for it.
CREATE INDEX deliveries_ticks ON {schema}.deliveries (id) WHERE event_name = 'carillon.tick';

-- Whether a saga has taken an event, however long its history is.
CREATE INDEX saga_steps_taken ON {schema}.saga_steps (saga, key, event_id);
