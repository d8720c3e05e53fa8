using System.Data.Common;
using Npgsql;

namespace Carillon.Killing.App.Database;

internal sealed class PostgresShop(string connectionString) : ShopDatabase
{
    internal override string Store => "postgres";

    internal override string ConnectionString => connectionString;

    private protected override string CountingUp => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    internal override void Use(CarillonBuilder carillon) => carillon.UsePostgres(ConnectionString);

    internal override void ClosePools() => NpgsqlConnection.ClearAllPools();

    internal override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
