using Carillon.Deliveries.Internal;

namespace Carillon.Sagas.Internal;

/// <summary>The store of the application's sagas, which is that of its deliveries.</summary>
internal sealed class SagaStoreSlot(StoreSlot store)
{
    internal ISagaStore Required => store.Required as ISagaStore
        ?? throw new CarillonException($"The {store.Required.Description} keep no sagas. Choose a store that does: UseSqlite, UsePostgres or UseInMemory.");
}
