using Carillon.Sqlite;
using Carillon.Sqlite.Deliveries;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

/// <summary>A database file in a folder of its own, with what was opened on it; all gone at the end of the test.</summary>
public sealed class SqliteFile : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-");
    private readonly List<SqliteDeliveryStore> _stores = [];
    private readonly List<SqliteConnection> _connections = [];

    public string Path => System.IO.Path.Combine(_folder.FullName, "polls.db");

    public string ConnectionString => $"Data Source={Path}";

    public async ValueTask<SqliteDeliveryStore> OpenStoreAsync(Action<SqliteOptions>? configure = null)
    {
        var store = CreateStore(configure);
        await store.PrepareAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public SqliteDeliveryStore CreateStore(Action<SqliteOptions>? configure = null)
    {
        var options = new SqliteOptions { ConnectionString = ConnectionString, Synchronous = SqliteSynchronous.Normal };
        configure?.Invoke(options);
        var store = new SqliteDeliveryStore(options);
        _stores.Add(store);
        return store;
    }

    /// <summary>A connection as the application opens it.</summary>
    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(ConnectionString + ";Pooling=False");
        _connections.Add(connection);
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var command = Connect().CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long CountRows()
    {
        using var command = Connect().CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM carillon_deliveries";
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
