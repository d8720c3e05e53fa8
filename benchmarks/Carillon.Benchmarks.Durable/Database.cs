using Carillon.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Benchmarks.Durable;

/// <summary>A file of its own for each measurement, on the disk that the build is on.</summary>
internal sealed class Database : IDisposable
{
    private readonly string _folder = Path.Combine("artifacts", "benchmarks", "durable");
    private readonly string _path;

    internal Database(SqliteSynchronous synchronous)
    {
        Synchronous = synchronous;
        Batteries_V2.Init();
        Directory.CreateDirectory(_folder);
        _path = Path.Combine(_folder, $"{Environment.ProcessId}-{Environment.TickCount64}.db");
    }

    internal SqliteSynchronous Synchronous { get; }

    internal string ConnectionString => $"Data Source={_path};Pooling=False";

    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, $"PRAGMA synchronous = {(int)Synchronous}");
        return connection;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var file in new[] { _path, _path + "-wal", _path + "-shm" })
        {
            File.Delete(file);
        }
    }
}
