using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Stores.Tests.Sqlite;

namespace Carillon.Stores.Tests;

/// <summary>One place where deliveries live, for the length of a test, and the stores that processes open on it.</summary>
public abstract class TestStores : IAsyncDisposable
{
    /// <summary>A store on this place, prepared. A second one stands for a second process.</summary>
    public abstract ValueTask<IDeliveryStore> OpenAsync();

    public abstract ValueTask DisposeAsync();
}

public sealed class InMemoryStores : TestStores
{
    private readonly InMemoryDeliveryStore _store = new();

    public override async ValueTask<IDeliveryStore> OpenAsync()
    {
        await _store.PrepareAsync(TestContext.Current.CancellationToken);
        return _store;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class SqliteStores : TestStores
{
    private readonly SqliteFile _file = new();

    public override async ValueTask<IDeliveryStore> OpenAsync() => await _file.OpenStoreAsync();

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
