namespace Carillon.Listeners.Internal;

/// <summary>A listener that was added while the application runs: ended by its handle, a token, its last run or its id, whichever comes first.</summary>
internal sealed class Registration(ListenerRegistry registry, Listener listener) : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration[] _cancellations = [];
    private bool _hasEnded;

    public void Dispose() => End();

    /// <returns>Whether the listener was there until now.</returns>
    internal bool End()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return false;
            }

            _hasEnded = true;
        }

        Forget(_cancellations);
        return registry.Remove(listener);
    }

    internal void EndWith(CancellationToken[] tokens)
    {
        var cancellations = Array.ConvertAll(
            tokens, token => token.UnsafeRegister(static registration => ((Registration)registration!).Dispose(), this));
        lock (_gate)
        {
            _cancellations = cancellations;
            if (!_hasEnded)
            {
                return;
            }
        }

        Forget(cancellations);
    }

    // Does not wait for a callback that is running: it may be this very one.
    private static void Forget(CancellationTokenRegistration[] cancellations)
    {
        foreach (var cancellation in cancellations)
        {
            cancellation.Unregister();
        }
    }
}
