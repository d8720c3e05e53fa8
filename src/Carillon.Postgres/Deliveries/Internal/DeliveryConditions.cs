using System.Globalization;
using System.Text;
using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A filter as conditions: only what it says, so that the server can choose the index that serves it. Values are parameters; $1 is the time.</summary>
internal static class DeliveryConditions
{
    // Carillon's own name for what waits for the next time of a schedule; there is an index of no other event, and only a constant is seen to fit it.
    private const string Tick = "carillon.tick";

    internal static void Append(StringBuilder sql, NpgsqlBatchCommand command, DeliveryFilter filter)
    {
        if (filter.State is { } state)
        {
            sql.Append(" AND ").Append(Of(state));
        }

        AppendEqual(sql, command, "queue", filter.Queue);
        AppendEqual(sql, command, "listener", filter.ListenerId);
        if (filter.EventName == Tick)
        {
            sql.Append(" AND event_name = '" + Tick + "'");
        }
        else
        {
            AppendEqual(sql, command, "event_name", filter.EventName);
        }

        AppendEqual(sql, command, "key", filter.Key);
        if (filter.EventId is { } eventId)
        {
            sql.Append(" AND event_id = ").Append(Place(command.With(eventId, NpgsqlDbType.Uuid)));
        }

        if (filter.UniqueKey is { } unique)
        {
            sql.Append(" AND holds_unique AND unique_hash = ").Append(Place(command.With(StableHash.OfUnique(unique), NpgsqlDbType.Uuid)));
        }

        if (filter.CreatedFrom is { } from)
        {
            sql.Append(" AND created_at >= ").Append(Place(command.With(UnixTicks.From(from))));
        }

        if (filter.CreatedBefore is { } before)
        {
            sql.Append(" AND created_at < ").Append(Place(command.With(UnixTicks.From(before))));
        }

        if (filter.Text is { } text)
        {
            sql.Append(" AND ").Append(ReadSql.HasText.Replace("{text}", Place(command.With(text)), StringComparison.Ordinal));
        }
    }

    /// <summary>The place of the parameter that was added last.</summary>
    internal static string Place(NpgsqlBatchCommand command) => string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");

    private static void AppendEqual(StringBuilder sql, NpgsqlBatchCommand command, string column, string? value)
    {
        if (value is not null)
        {
            sql.Append(" AND ").Append(column).Append(" = ").Append(Place(command.With(value)));
        }
    }

    // Constants, so that the partial indexes are seen to fit.
    private static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Scheduled => "state = 0 AND due_at > $1",
        DeliveryState.Ready => "state < 2 AND (state = 1 OR due_at <= $1)",
        DeliveryState.Leased => "state = 2",
        _ => string.Create(CultureInfo.InvariantCulture, $"state > 2 AND state = {(int)state}"),
    };
}
