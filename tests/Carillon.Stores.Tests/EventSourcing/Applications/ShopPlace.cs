using System.Data.Common;
using Carillon.Postgres.Tests;
using Carillon.Sqlite;
using Carillon.Sqlite.Tests;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

/// <summary>A database with the table of a read model, for the length of a test.</summary>
public abstract class ShopPlace : IAsyncDisposable
{
    public abstract void Use(CarillonBuilder carillon);

    public abstract ValueTask<DbConnection> ConnectAsync();

    public abstract ValueTask DisposeAsync();

    public async ValueTask<T> ReadAsync<T>(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask CreateTableAsync() => ExecuteAsync("CREATE TABLE baskets (generation integer, basket integer, items integer, PRIMARY KEY (generation, basket))");
}

public sealed class PostgresShopPlace : ShopPlace
{
    private readonly PostgresPlace _place = new();

    public string ConnectionString => $"{PostgresPlace.ConnectionString};Search Path={_place.Schema}";

    public override void Use(CarillonBuilder carillon) => carillon.UsePostgres(options =>
    {
        options.ConnectionString = ConnectionString;
        options.Schema = _place.Schema;
    });

    public override async ValueTask<DbConnection> ConnectAsync()
    {
        await _place.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS {schema}");
        var connection = new Npgsql.NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public override ValueTask DisposeAsync() => _place.DisposeAsync();
}

public sealed class SqliteShopPlace : ShopPlace
{
    private readonly SqliteFile _file = new();

    public override void Use(CarillonBuilder carillon) => carillon.UseSqlite(options =>
    {
        options.ConnectionString = _file.ConnectionString + ";Pooling=False";
        options.Synchronous = SqliteSynchronous.Normal;
    });

    public override ValueTask<DbConnection> ConnectAsync() => new(_file.Connect());

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
