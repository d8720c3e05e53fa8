using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes which messages a consumer has seen.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SeenMessages(StoreRunner runner, PostgresLocation location, bool prepares)
{
    /// <returns>True if the consumer sees it for the first time.</returns>
    internal async ValueTask<bool> TryRecordAsync(
        NpgsqlTransaction transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil)
    {
        try
        {
            var reader = await Batches.ExecuteAsync(transaction.Connection!, transaction, [See(consumer, messageId, now, keepUntil)], prepares).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(What(consumer, messageId), location, exception, wasSent: false);
        }
    }

    internal async ValueTask<bool> TryRecordAsync(string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken) =>
        (await runner.ListAsync(What(consumer, messageId), () => See(consumer, messageId, now, keepUntil), static row => row.GetInt64(0), cancellationToken)
            .ConfigureAwait(false)).Count > 0;

    internal async ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await runner.ListAsync(
            $"see whether '{consumer}' has seen the message '{messageId}'",
            () => StoreCommand.Create(ManageSql.IsSeen, runner.Schema).With(consumer).With(messageId).With(UnixTicks.From(now)),
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false)).Count > 0;

    internal async ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) =>
        await runner.ListAsync(
            $"forget that '{consumer}' has seen the message '{messageId}'",
            () => StoreCommand.Create(ManageSql.Forget, runner.Schema).With(consumer).With(messageId),
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false);

    private static string What(string consumer, string messageId) => $"note that '{consumer}' has seen the message '{messageId}'";

    private NpgsqlBatchCommand See(string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil) =>
        StoreCommand.Create(ManageSql.See, runner.Schema).With(consumer).With(messageId).With(UnixTicks.From(now)).With(UnixTicks.From(keepUntil));
}
