-- The errors of the attempts that failed, apart from the deliveries: the row of one is written anew with each change, with all that it carries. When which attempt
-- failed is in the row, and that any did, so that nothing is looked for here for those of which none has. What failed before this table was there has its errors in the row.
--
-- place        of an attempt among those of its delivery that failed, counted from 1
CREATE TABLE {schema}.attempts (
    delivery bigint NOT NULL,
    place    integer NOT NULL,
    error    text NOT NULL
);

CREATE INDEX attempts_of_delivery ON {schema}.attempts (delivery, place);
