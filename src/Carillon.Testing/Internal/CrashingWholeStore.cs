using System.Data.Common;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Inbox;
using Carillon.Sagas;

namespace Carillon.Testing.Internal;

/// <summary>One that keeps sagas and streams too. Streams are not reached by a crashed process at all: who reads them is the application.</summary>
internal sealed class CrashingWholeStore(IDeliveryStore store, IInboxStore inbox, ISagaStore sagas, IStreamDatabase streams, CrashPoints crashes)
    : CrashingInboxStore(store, inbox, crashes), ISagaStore, IStreamDatabase
{
    public IStreamStore Streams
    {
        get
        {
            Living();
            return streams.Streams;
        }
    }

    public IProjectionStore Projections
    {
        get
        {
            Living();
            return streams.Projections;
        }
    }

    public ValueTask<FoundSaga?> FindAsync(DbTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken) =>
        sagas.FindAsync(transaction, saga, key, step, eventId, cancellationToken);

    public ValueTask<bool> SaveAsync(DbTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken)
    {
        Living();
        return sagas.SaveAsync(transaction, instance, entry, cancellationToken);
    }

    public ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken) => sagas.ListAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken) => sagas.ListEntriesAsync(saga, key, cancellationToken);

    public ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken) => sagas.CountAsync(saga, cancellationToken);
}
