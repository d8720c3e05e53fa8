using System.Text;

namespace Carillon.Sagas.Internal;

/// <summary>Reads sagas for people.</summary>
internal sealed class StoredSagas(SagaStoreSlot store) : ISagas
{
    public ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga = null, CancellationToken cancellationToken = default) =>
        store.Required.CountAsync(saga, cancellationToken);

    public async ValueTask<IReadOnlyList<SagaSnapshot>> ListAsync(SagaQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return [.. (await store.Required.ListAsync(query, cancellationToken).ConfigureAwait(false)).Select(ToSnapshot)];
    }

    public async ValueTask<SagaDetails?> FindAsync(string saga, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(saga);
        ArgumentNullException.ThrowIfNull(key);
        var found = await store.Required.ListAsync(new SagaQuery { Saga = saga, Key = key, PageSize = 1 }, cancellationToken).ConfigureAwait(false);
        if (found is not [var instance])
        {
            return null;
        }

        var progress = SagaProgress.Read(instance.Progress);
        return new SagaDetails(
            ToSnapshot(instance),
            await store.Required.ListEntriesAsync(saga, key, cancellationToken).ConfigureAwait(false),
            [.. progress.TimeOuts.Keys.Order(StringComparer.Ordinal)],
            [.. Enumerable.Reverse(progress.Done)]);
    }

    private static SagaSnapshot ToSnapshot(SagaInstance instance) => new(
        instance.Saga, instance.Key, instance.Status, instance.Version, instance.StateVersion, Encoding.UTF8.GetString(instance.State.Span), instance.Reason, instance.StartedAt, instance.UpdatedAt);
}
