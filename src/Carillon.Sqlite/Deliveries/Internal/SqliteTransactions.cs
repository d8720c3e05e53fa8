using System.Data;
using System.Data.Common;
using Carillon.Deliveries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Writes deliveries in the application's transactions, on its connections.</summary>
internal static class SqliteTransactions
{
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
        using var session = new SqliteSession(Connection(transaction, location), isOurs: false);
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
            throw SqliteFault.Explain($"{what(state)} in the application's transaction", location, cause);
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
