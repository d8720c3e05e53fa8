using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Killing.App.Database;

internal sealed class SqliteShop : ShopDatabase
{
    internal SqliteShop(string connectionString)
    {
        Batteries_V2.Init();
        ConnectionString = connectionString;
    }

    internal override string Store => "sqlite";

    internal override string ConnectionString { get; }

    private protected override string CountingUp => "INTEGER PRIMARY KEY AUTOINCREMENT";

    internal override void Use(CarillonBuilder carillon) => carillon.UseSqlite(ConnectionString);

    internal override void ClosePools() => SqliteConnection.ClearAllPools();

    internal override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        // SQLite's own waiting looks again after a millisecond, the driver's after 150.
        await using var waits = Commands.Of(connection, transaction: null, "PRAGMA busy_timeout = 10000");
        await waits.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }
}
