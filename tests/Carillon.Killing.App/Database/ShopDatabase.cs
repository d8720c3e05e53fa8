using System.Data.Common;

namespace Carillon.Killing.App.Database;

/// <summary>The application's own database, the deliveries in it.</summary>
internal abstract class ShopDatabase
{
    internal static ShopDatabase Of(string store, string connectionString) => store switch
    {
        "sqlite" => new SqliteShop(connectionString),
        "postgres" => new PostgresShop(connectionString),
        _ => throw new ArgumentException($"There is no store '{store}': it is sqlite or postgres.", nameof(store)),
    };

    /// <summary>As it is said on the command line.</summary>
    internal abstract string Store { get; }

    internal abstract string ConnectionString { get; }

    internal abstract void Use(CarillonBuilder carillon);

    internal abstract ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Closes what rests in the driver's pools: a connection that a server has cut meanwhile is of no use.</summary>
    internal abstract void ClosePools();

    /// <summary>The type of a number that counts up by itself.</summary>
    private protected abstract string CountingUp { get; }

    internal async Task CreateTablesAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        await using (connection)
        {
            await using var command = Commands.Of(
                connection,
                transaction: null,
                $"""
                CREATE TABLE keys (key TEXT PRIMARY KEY, number BIGINT NOT NULL);
                CREATE TABLE orders (id TEXT PRIMARY KEY, key TEXT NOT NULL, number BIGINT NOT NULL, promised BIGINT NOT NULL);
                CREATE TABLE effects (seq {CountingUp}, id TEXT NOT NULL, listener TEXT NOT NULL);
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
