namespace Carillon.Listeners.Internal;

/// <summary>Ends something once, however often it is disposed.</summary>
internal sealed class Handle(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
