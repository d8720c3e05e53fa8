using System.Data.Common;
using Carillon.EventSourcing;

namespace Carillon.Aot.App;

/// <summary>A projection: how many parcels of each article were sent, by generation.</summary>
internal sealed class ParcelCount(ProjectionRun run) : IProjection
{
    [OnEvent]
    public async Task Count(ParcelSent e, DbTransaction transaction, CancellationToken ct) =>
        await ExecuteAsync(
            transaction,
            "INSERT INTO parcel_count (generation, sku, parcels) VALUES ($generation, $sku, 1) ON CONFLICT (generation, sku) DO UPDATE SET parcels = parcels + 1",
            ct,
            ("$generation", run.Generation),
            ("$sku", e.Sku));

    public async ValueTask PrepareAsync(ProjectionRun run, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            run.Transaction!,
            "CREATE TABLE IF NOT EXISTS parcel_count (generation INTEGER NOT NULL, sku TEXT NOT NULL, parcels INTEGER NOT NULL, PRIMARY KEY (generation, sku))",
            cancellationToken);

    public async ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken) =>
        await ExecuteAsync(run.Transaction!, "DELETE FROM parcel_count WHERE generation = $generation", cancellationToken, ("$generation", run.Generation));

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
