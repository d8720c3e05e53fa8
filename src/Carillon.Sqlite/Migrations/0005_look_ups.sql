-- The ticks of schedules, a few among all that waits: the lists of schedules are made from them. Nothing else enters this index, so nobody else pays for it.
CREATE INDEX carillon_deliveries_ticks ON carillon_deliveries (id) WHERE event_name = 'carillon.tick';

-- Whether a step of a saga has taken an event, however long the history is. The step is in it because SQLite would rather walk through the history than look into it besides.
CREATE INDEX carillon_saga_steps_taken ON carillon_saga_steps (saga, key, event_id, step);
