using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

/// <summary>A database file with one table of the application's own.</summary>
internal sealed class OrderDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-");

    internal OrderDatabase()
    {
        using var connection = Open();
        Execute(connection, null, "PRAGMA journal_mode = WAL; CREATE TABLE orders (number INTEGER NOT NULL UNIQUE)");
    }

    internal string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "orders.db")};Pooling=False";

    internal SqliteConnection Open()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    internal static void Insert(SqliteConnection connection, DbTransaction transaction, int number)
    {
        using var command = connection.CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = "INSERT INTO orders (number) VALUES ($number)";
        command.Parameters.AddWithValue("$number", number);
        command.ExecuteNonQuery();
    }

    internal long Count(string table)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = table switch
        {
            "orders" => "SELECT count(*) FROM orders",
            "deliveries" => "SELECT count(*) FROM carillon_deliveries",
            _ => throw new ArgumentOutOfRangeException(nameof(table)),
        };
        return (long)command.ExecuteScalar()!;
    }

    internal static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
