using System.Globalization;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>The dead letters of all subscriptions.</summary>
internal sealed class PostgresDeadLetters(TransportCalls calls, Notices notices) : ITransportDeadLetters
{
    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        return await calls.ListAsync($"read the dead letters of '{key}'", () => calls.Command(DeadSql.List).With(key).With((long)take), Read, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> ReplayAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) =>
        TakeAsync($"replay dead letters of '{key}'", DeadSql.Replay, key, ids, cancellationToken);

    public ValueTask<int> DiscardAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) =>
        TakeAsync($"discard dead letters of '{key}'", DeadSql.Discard, key, ids, cancellationToken);

    private async ValueTask<int> TakeAsync(string what, string sql, string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var numbers = (ids ?? []).Select(static id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToList();
        var taken = await calls.ListAsync(
            what,
            () => calls.Command(sql).With(key).With(numbers).With(ids is null, NpgsqlDbType.Boolean),
            static row => (Count: (int)row.GetInt64(0), Subscription: row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        if (taken[0].Subscription is { } subscription)
        {
            notices.Announce([subscription]);
        }

        return taken[0].Count;
    }

    private static DeadLetter Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0).ToString(CultureInfo.InvariantCulture),
        Reason = StoredText.Read(row.GetString(1)),
        IsParked = row.GetBoolean(2),
        At = row.GetFieldValue<DateTimeOffset>(3),
        Attempts = row.GetInt32(4),
        ContentType = row.IsDBNull(5) ? null : StoredText.Read(row.GetString(5)),
        Headers = HeaderText.Read(row.GetString(6)),
        Body = row.GetFieldValue<byte[]>(7),
    };
}
