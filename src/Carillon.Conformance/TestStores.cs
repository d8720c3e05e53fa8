using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>
/// One place where deliveries live, for the length of a test, and the stores that processes open on it. The author of a store derives from it once for each kind
/// of place; every test makes a new one, empty, and disposes of it.
/// </summary>
public abstract class TestStores : IAsyncDisposable
{
    /// <summary>What stores on this place can do beyond what every store does.</summary>
    public abstract DeliveryStoreFeatures Features { get; }

    /// <summary>A store on this place, prepared. A second one stands for a second process.</summary>
    public abstract ValueTask<IDeliveryStore> OpenAsync();

    /// <summary>The process that had this store has ended. Disposes of the store, by default.</summary>
    /// <param name="store">A store that <see cref="OpenAsync"/> returned.</param>
    public virtual async ValueTask CloseAsync(IDeliveryStore store)
    {
        switch (store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    /// <summary>Closes what is still open, and removes the place.</summary>
    public abstract ValueTask DisposeAsync();
}
