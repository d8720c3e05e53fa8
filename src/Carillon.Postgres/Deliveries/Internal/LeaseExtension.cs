using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Extends leases: those that are still the worker's. The rows are locked in the order of ids, as by everybody.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class LeaseExtension(string schema)
{
    private readonly string _sql = SchemaName.Fill(SettleSql.Extend, schema);

    internal async ValueTask<ExtendedLeases> ExtendAsync(PostgresSession session, IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var still = await ExtendOnceAsync(session, deliveries, UnixTicks.From(until)).ConfigureAwait(false);
                return new ExtendedLeases(
                    [.. deliveries.Where(delivery => !still.ContainsKey((delivery.Id, delivery.Token)))],
                    [.. deliveries.Where(delivery => still.TryGetValue((delivery.Id, delivery.Token), out var isCancelRequested) && isCancelRequested)]);
            }
            catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
            {
            }
        }
    }

    private async Task<Dictionary<(long Id, long Token), bool>> ExtendOnceAsync(PostgresSession session, IReadOnlyList<LeasedDelivery> deliveries, long until)
    {
        var command = new NpgsqlBatchCommand(_sql);
        command.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(deliveries.Select(delivery => delivery.Id));
        command.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(deliveries.Select(delivery => delivery.Token));
        command.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = until;
        var still = new Dictionary<(long Id, long Token), bool>();
        var reader = await session.ExecuteAsync([command]).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                still[(reader.GetInt64(0), reader.GetInt64(1))] = reader.GetBoolean(2);
            }
        }

        return still;
    }
}
