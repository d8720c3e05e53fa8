namespace Carillon.Listeners.Internal;

/// <summary>A listener that was added while the application runs: ended by its handle, its token, its last run or its id, whichever comes first.</summary>
internal sealed class Registration(ListenerRegistry registry, Listener listener) : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _cancellation;
    private bool _hasEnded;

    public void Dispose()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
        }

        // Does not wait for a callback that is running: it may be this very one.
        _cancellation.Unregister();
        registry.Remove(listener);
    }

    internal void EndWith(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        var cancellation = cancellationToken.UnsafeRegister(static registration => ((Registration)registration!).Dispose(), this);
        lock (_gate)
        {
            _cancellation = cancellation;
            if (!_hasEnded)
            {
                return;
            }
        }

        cancellation.Unregister();
    }
}
