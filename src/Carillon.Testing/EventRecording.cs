namespace Carillon.Testing;

/// <summary>What was dispatched in one flow of code, from <see cref="EventRecorder.Begin"/> until it is disposed.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class EventRecording : RecordedEvents, IDisposable
{
    private readonly Action<EventRecording> _ended;
    private volatile bool _isEnded;

    internal EventRecording(EventRecording? outer, Action<EventRecording> ended)
    {
        Outer = outer;
        _ended = ended;
    }

    internal EventRecording? Outer { get; }

    /// <summary>Records no longer. What was recorded stays, and so do the outcomes of what was dispatched.</summary>
    public void Dispose()
    {
        _isEnded = true;
        _ended(this);
    }

    // Tasks that were started inside go on with the flow in which it is still the current one.
    internal void Add(RecordedEvent dispatch)
    {
        if (!_isEnded)
        {
            Records.Add(dispatch);
        }
    }

    internal void Add(RecordedCall call)
    {
        if (!_isEnded)
        {
            Records.Add(call);
        }
    }
}
