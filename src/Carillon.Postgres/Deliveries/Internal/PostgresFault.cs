using System.Net.Sockets;
using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What PostgreSQL answered, or that it did not, in words that say what to do.</summary>
internal static class PostgresFault
{
    private const int MaxTries = 5;

    /// <summary>Whether it is PostgreSQL or the way to it that failed, and not the code that called.</summary>
    internal static bool IsFault(Exception exception) => exception is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>
    /// Whether the same transaction may succeed if it is run again from its beginning: it lost against another one, and nothing of it has happened.
    /// A unique key is among them, since who waited for it finds it taken the next time.
    /// </summary>
    internal static bool IsWorthAnotherTry(Exception exception, int tries) =>
        tries < MaxTries
        && exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether it would have come whatever was sent: the server is away, full, read only or has not the tables, or somebody ended what it did.</summary>
    internal static bool IsOfServer(Exception exception) => exception is PostgresException answer
        ? answer.SqlState[..2] is "08" or "25" or "3F" or "42" or "53" or "57" or "58"
        : IsFault(exception);

    /// <param name="what">What was to be done: <c>write 1 delivery of 'poll.created'</c>.</param>
    /// <param name="location">Where.</param>
    /// <param name="cause">What came of it.</param>
    /// <param name="wasSent">Whether a commit may have been on its way when the connection was lost.</param>
    internal static DeliveryStoreException Explain(string what, PostgresLocation location, Exception cause, bool wasSent)
    {
        var start = $"Could not {what} in the {location.Description}: ";
        if (cause is PostgresException answer && !EndsConnection(answer))
        {
            return new($"{start}{answer.MessageText} (PostgreSQL error {answer.SqlState}). Nothing has changed. {Mend(answer)}", cause);
        }

        var outcome = wasSent
            ? "Whether it has happened is not known, since the answer was lost: look before you do it again. What was committed for this process to run is found when its lease ends."
            : "Nothing has changed.";
        return new($"{start}{Text(cause)}. {outcome} {MendConnection(cause)}", cause);
    }

    private static bool EndsConnection(PostgresException answer) =>
        answer.SqlState.StartsWith("57P", StringComparison.Ordinal) && answer.SqlState != PostgresErrorCodes.CannotConnectNow;

    private static string Text(Exception cause) =>
        (cause is PostgresException answer ? $"{answer.MessageText} (PostgreSQL error {answer.SqlState})" : (cause.InnerException ?? cause).Message).TrimEnd('.');

    private static string MendConnection(Exception cause) => cause switch
    {
        PostgresException => "The server was shut down, or somebody ended the connection: see its log.",
        { InnerException: TimeoutException } or TimeoutException =>
            "The server took longer than the connection string allows (Timeout to connect, Command Timeout to answer): see what it waits for in pg_stat_activity.",
        { InnerException: SocketException } or SocketException =>
            "See that the server runs, that the host and the port in the connection string are right, and that a firewall lets them through.",
        _ => "The connection broke: see the server's log and the network in between.",
    };

    private static string Mend(PostgresException answer) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "The server does not let this user in: see the user and the password in the connection string, and pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one in the connection string.",
        PostgresErrorCodes.InsufficientPrivilege =>
            "Give the user the right: CREATE on the database for the migrations; USAGE on the schema, and SELECT, INSERT, UPDATE, DELETE on its tables and USAGE on its sequences for the rest.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn =>
            "The tables are not there as this version wants them: start the host with PostgresOptions.ApplyMigrations, or apply PostgresMigrations.Script() to this database.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "This is a standby, or default_transaction_read_only is set: connect to the primary (Target Session Attributes=read-write in the connection string).",
        PostgresErrorCodes.DiskFull => "The server's disk is full: make room and try again.",
        PostgresErrorCodes.TooManyConnections => "Raise max_connections, or let this application have fewer (Maximum Pool Size in the connection string).",
        PostgresErrorCodes.QueryCanceled =>
            "It was cancelled, by statement_timeout, lock_timeout or a person: see what it waited for in pg_stat_activity, and raise the time-out if that is usual.",
        PostgresErrorCodes.LockNotAvailable => "Another transaction holds a lock for longer than lock_timeout: keep transactions short.",
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
            "It met another transaction again and again. If it is a transaction of your own, roll it back and run it again from its beginning.",
        PostgresErrorCodes.InFailedSqlTransaction => "A statement before it has failed, and the transaction can only be rolled back.",
        PostgresErrorCodes.CannotConnectNow => "The server is starting or stopping: try again in a moment.",
        PostgresErrorCodes.OutOfMemory => "The server is out of memory, or max_locks_per_transaction is too low: see its log.",
        PostgresErrorCodes.ProgramLimitExceeded => "A name is longer than an index of PostgreSQL takes: shorten the queue's name.",
        _ => "See https://www.postgresql.org/docs/current/errcodes-appendix.html for the error.",
    };
}
