using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The delivery that has a unique key when a batch has been written.</summary>
/// <param name="Id">The id.</param>
/// <param name="Hash">Of its key.</param>
/// <param name="EventId">Its event.</param>
/// <param name="EndsAt">The end of its period, in ticks; null if it has none.</param>
/// <param name="Waits">Whether its listener does not run.</param>
/// <param name="IsUntilStarted">Whether it is unique until it starts.</param>
internal sealed record UniqueHolder(long Id, Guid Hash, Guid EventId, long? EndsAt, bool Waits, bool IsUntilStarted)
{
    internal static UniqueHolder Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetBoolean(4), row.GetBoolean(5));

    internal bool HasEnded(NewDelivery later) => EndsAt <= UnixTicks.From(later.Envelope.Time);

    /// <summary>Whether the later one is left out for it, and nothing is lost by that: its event is the same, or the one that waits starts behind it, or runs already.</summary>
    /// <param name="later">The later one.</param>
    /// <param name="isMet">Whether this transaction keeps it from starting.</param>
    internal bool KeepsOut(NewDelivery later, bool isMet) =>
        !HasEnded(later) && !(Waits && EventId != later.Envelope.Id && (later.Unique!.Replaces || (IsUntilStarted && IsMet(later) && !isMet)));

    /// <summary>Whether one that waits is not to start before the transaction that writes the later one ends.</summary>
    internal static bool IsMet(NewDelivery later) => later.Unique is { Until: UniqueUntil.Started, EndsAt: null, Replaces: false };
}
