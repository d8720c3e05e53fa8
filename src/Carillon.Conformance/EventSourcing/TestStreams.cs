using System.Data.Common;
using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>
/// One place where streams of events live, for the length of a test. The author of a store derives from it once for each kind of place; every test makes a new one,
/// empty, and disposes of it.
/// </summary>
public abstract class TestStreams : IAsyncDisposable
{
    /// <summary>What stores on this place can do beyond what every store does.</summary>
    public abstract StreamStoreFeatures Features { get; }

    /// <summary>A store on this place, prepared. A second one stands for a second process.</summary>
    public abstract ValueTask<IStreamDatabase> OpenAsync();

    /// <summary>A connection of the application, open; for stores that join transactions.</summary>
    public virtual ValueTask<DbConnection> ConnectAsync() => throw new NotSupportedException($"{GetType().Name} declares no transactions.");

    /// <summary>Closes what is still open, and removes the place.</summary>
    public abstract ValueTask DisposeAsync();
}
