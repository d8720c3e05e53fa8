using Carillon.Sqlite.Tests;

namespace Carillon.EntityFrameworkCore.Tests.EventSourcing;

/// <summary>A database for the length of a test, of the store and of the context.</summary>
public abstract class SalesPlace : IAsyncDisposable
{
    /// <summary>The table of the projections, as it is called there.</summary>
    public abstract string Projections { get; }

    public abstract ValueTask CreateAsync();

    public abstract void Use(CarillonBuilder carillon);

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract ValueTask DisposeAsync();
}

public sealed class PostgresSalesPlace : SalesPlace
{
    private readonly PostgresPlace _place = new();

    public override string Projections => "projections";

    private string ConnectionString => $"{PostgresPlace.ConnectionString};Search Path={_place.Schema}";

    public override async ValueTask CreateAsync() => await _place.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS {schema}");

    public override void Use(CarillonBuilder carillon) => carillon.UsePostgres(options => (options.ConnectionString, options.Schema) = (ConnectionString, _place.Schema));

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await using (var connection = new Npgsql.NpgsqlConnection(ConnectionString))
        {
            Npgsql.NpgsqlConnection.ClearPool(connection);
        }

        await _place.DisposeAsync();
    }
}

public sealed class SqliteSalesPlace : SalesPlace
{
    private readonly SqliteFile _file = new();

    public override string Projections => "carillon_projections";

    private string ConnectionString => $"{_file.ConnectionString};Pooling=False";

    public override ValueTask CreateAsync() => ValueTask.CompletedTask;

    public override void Use(CarillonBuilder carillon) => carillon.UseSqlite(ConnectionString);

    public override void Use(DbContextOptionsBuilder options) => options.UseSqlite(ConnectionString);

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
