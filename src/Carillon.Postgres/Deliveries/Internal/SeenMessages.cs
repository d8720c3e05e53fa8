using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes which messages a consumer has seen.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SeenMessages
{
    private readonly StoreRunner _runner;
    private readonly PostgresLocation _location;
    private readonly SeenGroups _groups;
    private readonly bool _prepares;

    internal SeenMessages(PostgresConnections connections, StoreRunner runner, PostgresLocation location)
    {
        _runner = runner;
        _location = location;
        _prepares = connections.Prepares;
        _groups = new SeenGroups(connections, location, NoteAloneAsync);
    }

    /// <returns>True if the consumer sees it for the first time.</returns>
    internal async ValueTask<bool> TryRecordAsync(
        NpgsqlTransaction transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil)
    {
        var call = new SeenCall(consumer, messageId, now, keepUntil);
        try
        {
            var reader = await Batches.ExecuteAsync(transaction.Connection!, transaction, [Note(call)], _prepares).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(call.What, _location, exception, wasSent: false);
        }
    }

    internal ValueTask<bool> TryRecordAsync(string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken) =>
        CallAsync(new SeenCall(consumer, messageId, now, keepUntil), cancellationToken);

    internal ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        CallAsync(new SeenCall(consumer, messageId, now, keepUntil: null), cancellationToken);

    internal async ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) =>
        await _runner.ListAsync(
            $"forget that '{consumer}' has seen the message '{messageId}'",
            () => StoreCommand.Create(SeenSql.Forget, _runner.Schema).With(consumer).With(messageId),
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until what was asked for is done, but for what waits for a transaction of the application.</summary>
    internal ValueTask StopAsync() => _groups.StopAsync();

    private ValueTask<bool> CallAsync(SeenCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(_groups.CallAsync(call, cancellationToken));
    }

    private async Task<bool> NoteAloneAsync(SeenCall call) =>
        (await _runner.ListAsync(call.What, () => Note(call), static row => row.GetInt64(0), CancellationToken.None).ConfigureAwait(false)).Count > 0;

    private NpgsqlBatchCommand Note(SeenCall call) => StoreCommand.Create(SeenSql.NoteOne, _runner.Schema)
        .With(call.Consumer, NpgsqlDbType.Text).With(call.MessageId, NpgsqlDbType.Text).With(call.Now).With(call.KeepUntil!.Value);
}
