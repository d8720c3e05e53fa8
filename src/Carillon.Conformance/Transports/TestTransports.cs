using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>
/// One broker, for the length of a test, and the transports by which processes reach it. The author of a transport derives from it once for each kind of broker; every
/// test makes a new one and disposes of it. The broker may be shared: names and keys of tests are their own.
/// </summary>
public abstract class TestTransports : IAsyncDisposable
{
    /// <summary>A transport to this broker, prepared. A second one stands for a second process.</summary>
    public abstract ValueTask<ITransport> OpenAsync();

    /// <summary>The process that had this transport has ended. Disposes of the transport, by default.</summary>
    /// <param name="transport">A transport that <see cref="OpenAsync"/> returned.</param>
    public virtual async ValueTask CloseAsync(ITransport transport)
    {
        switch (transport)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    /// <summary>Time passes for the broker, at least so much. In real time, by default.</summary>
    public virtual Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Closes what is still open, and removes what the test has left on the broker.</summary>
    public abstract ValueTask DisposeAsync();
}
