namespace Polls.Storage;

internal static class Schema
{
    // The topic of a poll is checked at COMMIT, not at INSERT (deferred), as a database does that checks across many rows: the poll is refused
    // after its event was dispatched, and the deliveries of the event must go with it.
    public const string Sql =
        """
        PRAGMA journal_mode = WAL;

        BEGIN IMMEDIATE;

        CREATE TABLE IF NOT EXISTS topic (
            id   INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );

        INSERT OR IGNORE INTO topic (id, name) VALUES
            (1, 'Everyday life'), (2, 'Food and drink'), (3, 'Music'), (4, 'Programming'), (5, 'Travel');

        CREATE TABLE IF NOT EXISTS poll (
            id         TEXT PRIMARY KEY,
            topic_id   INTEGER NOT NULL REFERENCES topic (id) DEFERRABLE INITIALLY DEFERRED,
            question   TEXT NOT NULL,
            created_at INTEGER NOT NULL
        );

        CREATE TABLE IF NOT EXISTS poll_option (
            poll_id  TEXT NOT NULL REFERENCES poll (id),
            position INTEGER NOT NULL,
            text     TEXT NOT NULL,
            PRIMARY KEY (poll_id, position)
        );

        CREATE TABLE IF NOT EXISTS vote (
            id       INTEGER PRIMARY KEY,
            poll_id  TEXT NOT NULL,
            position INTEGER NOT NULL,
            cast_at  INTEGER NOT NULL,
            FOREIGN KEY (poll_id, position) REFERENCES poll_option (poll_id, position)
        );

        CREATE INDEX IF NOT EXISTS vote_by_option ON vote (poll_id, position);

        CREATE TABLE IF NOT EXISTS audit (
            id          INTEGER PRIMARY KEY,
            event_id    TEXT NOT NULL,
            event_name  TEXT NOT NULL,
            poll_id     TEXT NOT NULL,
            occurred_at INTEGER NOT NULL
        );

        -- The read model of the results, kept by listeners. What an older version has left without one is counted once.
        CREATE TABLE IF NOT EXISTS poll_result (
            poll_id  TEXT NOT NULL,
            position INTEGER NOT NULL,
            text     TEXT NOT NULL,
            votes    INTEGER NOT NULL,
            PRIMARY KEY (poll_id, position)
        ) WITHOUT ROWID;

        INSERT INTO poll_result (poll_id, position, text, votes)
        SELECT poll_id, position, text, (SELECT count(*) FROM vote WHERE vote.poll_id = poll_option.poll_id AND vote.position = poll_option.position)
        FROM poll_option WHERE NOT EXISTS (SELECT 1 FROM poll_result WHERE poll_result.poll_id = poll_option.poll_id);

        COMMIT;
        """;
}
