using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What a change of a delivery depends on and may change; its event and payload are not among it.</summary>
internal sealed class DeliveryRow
{
    internal required long Id { get; init; }

    internal required long Token { get; init; }

    internal required string ListenerId { get; init; }

    internal required KeyOfRow? Key { get; init; }

    internal required UniquenessOfRow? Unique { get; init; }

    internal required DeliveryState State { get; set; }

    internal required DateTimeOffset DueAt { get; set; }

    internal required int Attempt { get; set; }

    internal required long? Behind { get; set; }

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

    internal void Save(SqliteSession session) =>
        session.Statement(DeliverySql.Save)
            .Bind(1, Id)
            .Bind(2, (long)State)
            .Bind(3, DueAt)
            .Bind(4, Attempt)
            .Bind(5, Behind)
            .Bind(6, HoldsUnique ? 1 : 0)
            .Bind(7, IsCancelRequested ? 1 : 0)
            .Bind(8, Failures)
            .Bind(9, KeepUntil)
            .Bind(10, Error)
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
        State = (DeliveryState)row.GetInt(0),
        DueAt = row.GetTime(1),
        Token = row.GetLong(2),
        Attempt = row.GetInt(3),
        ListenerId = row.GetString(4),
        Key = KeyOfRow.Read(row, 5),
        Behind = row.GetNullableLong(8),
        Unique = row.IsNull(9) ? null : new UniquenessOfRow(row.GetString(9), row.GetInt(10) == 0, row.GetNullableTime(11)),
        HoldsUnique = row.GetInt(12) == 1,
        IsCancelRequested = row.GetInt(13) != 0,
        Failures = row.GetInt(14),
        KeepUntil = row.GetNullableTime(15),
        Error = row.GetNullableString(16),
    };
}
