using System.Data;
using System.Data.Common;
using Carillon.Deliveries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Writes deliveries in the application's transactions, on its connections.</summary>
internal static class SqliteTransactions
{
    private const int PrimaryCode = 0xff;

    internal static string? WhyNotIn(DbConnection connection, SqliteLocation location)
    {
        if (connection is not SqliteConnection sqlite)
        {
            return $"the connection is a {connection.GetType().FullName}, and deliveries are kept in the {location.Description}: "
                + "they would not be written together";
        }

        var path = sqlite.State == ConnectionState.Open ? sqlite.DataSource : Path.GetFullPath(sqlite.DataSource);
        return location.IsAt(path)
            ? null
            : $"the connection is to the SQLite database '{(path.Length == 0 ? ":memory:" : path)}', and deliveries are kept in '{location.FullPath}': "
                + "use one file for both";
    }

    /// <summary>Tells, on any thread, whether the transaction that is open on the connection has ended; null if none is open.</summary>
    internal static Func<bool>? EndOf(DbConnection connection) =>
        connection is SqliteConnection sqlite && IsInTransaction(sqlite) ? () => !IsInTransaction(sqlite) : null;

    /// <exception cref="DeliveryStoreException">None was written.</exception>
    internal static void Insert(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, SqliteLocation location) =>
        Write(transaction, deliveries, DeliveryTable.NeedsToRead(deliveries), DeliveryWords.Write, Insert, location);

    /// <summary>Writes something in the application's transaction.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="state">What is to be written.</param>
    /// <param name="reads">
    /// Whether something is read before it is written. A deferred transaction that reads first and is overtaken then can only be rolled back: it takes the lock
    /// before it reads.
    /// </param>
    /// <param name="what">What is done, for messages.</param>
    /// <param name="write">Writes it. Called a second time if the lock was not there.</param>
    /// <param name="location">Where deliveries are kept.</param>
    /// <exception cref="DeliveryStoreException">Nothing was written.</exception>
    internal static TResult Write<TState, TResult>(
        DbTransaction transaction,
        TState state,
        bool reads,
        Func<TState, string> what,
        Func<SqliteSession, TState, TResult> write,
        SqliteLocation location)
    {
        var session = ApplicationSessions.Of(Connection(transaction, location));
        try
        {
            if (!reads)
            {
                try
                {
                    return write(session, state);
                }
                catch (SqliteException locked) when (locked.SqliteErrorCode == raw.SQLITE_BUSY)
                {
                    // The application's connection would wait in the driver, not in SQLite.
                }
            }

            session.Statement(DeliverySql.TakeLock).ExecuteWhenUnlocked(location.BusyTimeout);
            return write(session, state);
        }
        catch (SqliteException cause)
        {
            session.Reset();
            throw SqliteFault.Explain($"{what(state)} in the application's transaction", location, cause);
        }
        catch
        {
            session.Reset();
            throw;
        }
    }

    /// <summary>Reads in the application's transaction, which sees what it has written itself.</summary>
    /// <exception cref="DeliveryStoreException">SQLite could not.</exception>
    internal static TResult Read<TState, TResult>(
        DbTransaction transaction, TState state, string what, Func<SqliteSession, TState, TResult> read, SqliteLocation location)
    {
        using var session = new SqliteSession(Connection(transaction, location), isOurs: false);
        try
        {
            return read(session, state);
        }
        catch (SqliteException cause)
        {
            throw SqliteFault.Explain($"{what} in the application's transaction", location, cause);
        }
    }

    /// <summary>All or none, although the application may go on after a failure.</summary>
    internal static TResult AllOrNone<TState, TResult>(SqliteSession session, TState state, Func<SqliteSession, TState, TResult> write)
    {
        session.Execute("SAVEPOINT carillon");
        try
        {
            var result = write(session, state);
            session.Execute("RELEASE carillon");
            return result;
        }
        catch
        {
            session.Reset();

            // Gone already if SQLite has rolled back the whole transaction.
            if (session.InTransaction)
            {
                session.Execute("ROLLBACK TO carillon");
                session.Execute("RELEASE carillon");
            }

            throw;
        }
    }

    /// <summary>Writes deliveries and commits, and takes along what the store's writer has to settle: one commit for both, and the writer need not wait for the lock.</summary>
    /// <exception cref="DeliveryStoreException">The deliveries were not written, and nothing is committed.</exception>
    internal static void Commit(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, SqliteLocation location, SqliteWriter writer)
    {
        var session = ApplicationSessions.Of(Connection(transaction, location));
        var along = writer.IsAnyWaiting && location.IsDurable(session) ? writer.TakeAlong() : [];
        try
        {
            if (along.Count > 0 && TryWrite(session, along, deliveries, location) is { } cause)
            {
                writer.GiveBack(along);
                along = [];
                if (cause is SqliteException answer && (!session.InTransaction || (answer.SqliteErrorCode & PrimaryCode) == raw.SQLITE_BUSY))
                {
                    // SQLite has rolled back the whole, or somebody has kept the lock for as long as one waits for it.
                    throw SqliteFault.Explain($"{DeliveryWords.Write(deliveries)} in the application's transaction", location, answer);
                }
            }

            if (along.Count == 0)
            {
                Insert(transaction, deliveries, location);
            }

            transaction.Commit();
        }
        catch
        {
            writer.GiveBack(along);
            throw;
        }

        writer.CarriedOut(along);
    }

    // Whoever of them is at fault: the deliveries are written without the others then, and those by the writer, which tells who asked for them.
    private static Exception? TryWrite(SqliteSession session, List<SqliteWrite> along, IReadOnlyList<NewDelivery> deliveries, SqliteLocation location)
    {
        try
        {
            session.Statement(DeliverySql.TakeLock).ExecuteWhenUnlocked(location.BusyTimeout);
            AllOrNone(session, (along, deliveries), static (session, both) =>
            {
                // First what goes: the deliveries take its pages.
                both.along.ForEach(write => write.Execute(session));
                return DeliveryTable.Insert(session, both.deliveries);
            });
            return null;
        }
#pragma warning disable CA1031 // See above: nothing is lost of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            session.Reset();
            return exception;
        }
    }

    private static bool IsInTransaction(SqliteConnection connection)
    {
        try
        {
            return connection.Handle is { } open && raw.sqlite3_get_autocommit(open) == 0;
        }
        catch (ObjectDisposedException)
        {
            // Closed in this moment.
            return false;
        }
    }

    private static SqliteConnection Connection(DbTransaction transaction, SqliteLocation location)
    {
        var connection = transaction.Connection
            ?? throw new InvalidOperationException("The transaction has been committed or rolled back already: deliveries are to be written before its end.");
        return WhyNotIn(connection, location) is { } reason
            ? throw new InvalidOperationException($"Deliveries cannot be written in this transaction: {reason}.")
            : (SqliteConnection)connection;
    }

    // A single plain one is one statement, and needs no savepoint.
    private static int Insert(SqliteSession session, IReadOnlyList<NewDelivery> deliveries) =>
        deliveries is [{ Unique: null }]
            ? DeliveryTable.Insert(session, deliveries)
            : AllOrNone(session, deliveries, DeliveryTable.Insert);
}
