using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What a change of a delivery depends on and may change; its event and payload are not among it.</summary>
internal sealed class DeliveryRow
{
    /// <summary>The state, in the table alone, of one that is parked behind another of its key.</summary>
    internal const int Behind = 8;

    internal required long Id { get; init; }

    internal required long Token { get; init; }

    internal required string ListenerId { get; init; }

    internal required KeyOfRow? Key { get; init; }

    internal required UniquenessOfRow? Unique { get; init; }

    internal required DeliveryState State { get; set; }

    internal required DateTimeOffset DueAt { get; set; }

    internal required int Attempt { get; set; }

    /// <summary>Whether its unique key keeps others away now.</summary>
    internal required bool HoldsUnique { get; set; }

    internal required bool IsCancelRequested { get; set; }

    internal required int Failures { get; set; }

    internal required DateTimeOffset? KeepUntil { get; set; }

    internal required string? Error { get; set; }

    internal bool IsWaiting => State is DeliveryState.Scheduled or DeliveryState.Ready;

    internal bool CanBeGivenUp => IsWaiting || State is DeliveryState.Failed or DeliveryState.Parked;

    internal static DeliveryRow? Find(SqliteSession session, long id)
    {
        var statement = session.Statement(DeliverySql.Find).Bind(1, id);
        if (!statement.Step())
        {
            return null;
        }

        var row = Read(id, statement);
        statement.Reset();
        return row;
    }

    /// <summary>Saves a delivery that was not parked behind another one, or is not any more.</summary>
    internal void Save(SqliteSession session) =>
        session.Statement(DeliverySql.Save)
            .Bind(1, Id)
            .Bind(2, (long)State)
            .Bind(3, DueAt)
            .Bind(4, Attempt)
            .Bind(5, HoldsUnique ? 1 : 0)
            .Bind(6, IsCancelRequested ? 1 : 0)
            .Bind(7, Failures)
            .Bind(8, KeepUntil)
            .Bind(9, Error)
            .Step();

    internal void Remove(SqliteSession session) => Remove(session, Id, Failures);

    internal static void Remove(SqliteSession session, long id, int failures)
    {
        session.Statement(DeliverySql.Remove).Bind(1, id).Step();
        if (failures > 0)
        {
            session.Statement(DeliverySql.RemoveAttempts).Bind(1, id).Step();
        }
    }

    private static DeliveryRow Read(long id, SqliteStatement row) => new()
    {
        Id = id,
        State = row.GetInt(0) is var state && state == Behind ? DeliveryState.Parked : (DeliveryState)state,
        DueAt = row.GetTime(1),
        Token = row.GetLong(2),
        Attempt = row.GetInt(3),
        ListenerId = row.GetString(4),
        Key = KeyOfRow.Read(row, 5),
        Unique = row.IsNull(8) ? null : new UniquenessOfRow(row.GetString(8), row.GetNullableTime(9)),
        HoldsUnique = row.GetInt(10) == 1,
        IsCancelRequested = row.GetInt(11) != 0,
        Failures = row.GetInt(12),
        KeepUntil = row.GetNullableTime(13),
        Error = row.GetNullableString(14),
    };
}
