using System.Globalization;
using Carillon.Postgres;
using Carillon.Postgres.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests;

/// <summary>A schema of its own in the database of the tests, and the stores that are opened on it. Gone with the test.</summary>
public sealed class PostgresPlace : IAsyncDisposable
{
    private static int _count;

    private readonly List<PostgresDeliveryStore> _stores = [];
    private readonly Lazy<NpgsqlDataSource> _source = new(static () => NpgsqlDataSource.Create(ConnectionString));

    /// <summary>Said by ./test, which starts the server that is named in the file servers.</summary>
    public static string ConnectionString { get; } = Environment.GetEnvironmentVariable("CARILLON_TEST_POSTGRES")
        ?? throw new InvalidOperationException("CARILLON_TEST_POSTGRES is not set: let ./test run these tests, or set it to the connection string of a PostgreSQL server.");

    public string Schema { get; } =
        string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}");

    /// <summary>What the application would use.</summary>
    public NpgsqlDataSource Source => _source.Value;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public PostgresDeliveryStore Create(Action<PostgresOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new PostgresOptions { ConnectionString = ConnectionString, Schema = Schema };
        configure?.Invoke(options);
        var store = new PostgresDeliveryStore(options, time);
        lock (_stores)
        {
            _stores.Add(store);
        }

        return store;
    }

    public async ValueTask<PostgresDeliveryStore> OpenAsync(Action<PostgresOptions>? configure = null, TimeProvider? time = null)
    {
        var store = Create(configure, time);
        await store.PrepareAsync(Cancel);
        return store;
    }

    public async ValueTask CloseAsync(PostgresDeliveryStore store)
    {
        lock (_stores)
        {
            _stores.Remove(store);
        }

        await store.DisposeAsync();
    }

    /// <summary>Runs a statement, in which {schema} is the schema of the test.</summary>
    public async ValueTask<int> ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(Fill(sql));
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    public async ValueTask<T> ReadAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(Fill(sql));
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public string Fill(string sql) => sql.Replace("{schema}", Schema, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores.ToList())
        {
            await store.DisposeAsync();
        }

        await using (var drop = Source.CreateCommand($"DROP SCHEMA IF EXISTS {Schema} CASCADE"))
        {
            await drop.ExecuteNonQueryAsync();
        }

        await Source.DisposeAsync();
    }
}
