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
    internal static void Insert(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, SqliteLocation location)
    {
        var database = Connection(transaction, location).Handle!;
        try
        {
            try
            {
                Insert(database, deliveries);
            }
            catch (SqliteException locked) when (locked.SqliteErrorCode == raw.SQLITE_BUSY)
            {
                TakeLock(database, location.BusyTimeout);
                Insert(database, deliveries);
            }
        }
        catch (SqliteException cause)
        {
            throw SqliteFault.Explain($"{DeliveryWords.Write(deliveries)} in the application's transaction", location, cause);
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

    private static void Insert(sqlite3 database, IReadOnlyList<NewDelivery> deliveries)
    {
        using var insert = new SqliteStatement(database, DeliverySql.Insert);
        if (deliveries.Count == 1)
        {
            DeliveryTable.Insert(insert, deliveries[0]);
            deliveries[0].Id = raw.sqlite3_last_insert_rowid(database);
            return;
        }

        // All or none, although the application may go on after a failure.
        Execute(database, "SAVEPOINT carillon");
        try
        {
            foreach (var delivery in deliveries)
            {
                DeliveryTable.Insert(insert, delivery);
                delivery.Id = raw.sqlite3_last_insert_rowid(database);
            }
        }
        catch
        {
            // Gone already if SQLite has rolled back the whole transaction.
            if (raw.sqlite3_get_autocommit(database) == 0)
            {
                Execute(database, "ROLLBACK TO carillon; RELEASE carillon");
            }

            throw;
        }

        Execute(database, "RELEASE carillon");
    }

    /// <summary>
    /// A deferred transaction takes the write lock with its first write, and the application's connection waits in the driver, not in SQLite.
    /// </summary>
    private static void TakeLock(sqlite3 database, TimeSpan patience)
    {
        using var nothing = new SqliteStatement(database, DeliverySql.TakeLock);
        nothing.ExecuteWhenUnlocked(patience);
    }

    private static void Execute(sqlite3 database, string sql)
    {
        var result = raw.sqlite3_exec(database, sql);
        if (result != raw.SQLITE_OK)
        {
            SqliteFault.Throw(database, result);
        }
    }
}
