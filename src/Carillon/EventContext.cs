using Carillon.Envelopes;

namespace Carillon;

/// <summary>What a listener can know and do beside the event itself. A listener that wants it takes it as a parameter.</summary>
/// <threadsafety>Belongs to one dispatch, to one attempt of a durable listener, or to one call of a background one; not safe for concurrent use.</threadsafety>
public sealed class EventContext
{
    private readonly TimeProvider _time;
    // The kind of a listener that runs by itself; null for one inside a dispatch.
    private readonly string? _alone;
    private Guid _eventId;

    internal EventContext(string eventName, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
    {
        EventName = eventName;
        Dispatcher = dispatcher;
        CancellationToken = cancellationToken;
        _time = time;
    }

    internal EventContext(Envelope envelope, int attempt, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
        : this(envelope.EventName, dispatcher, time, cancellationToken)
    {
        Envelope = envelope;
        Attempt = attempt;
        _eventId = envelope.Id;
        _alone = "durable";
    }

    internal EventContext(
        string eventName, Guid eventId, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken, string kind = "background")
        : this(eventName, dispatcher, time, cancellationToken)
    {
        _eventId = eventId;
        _alone = kind;
    }

    /// <summary>The name of the event, <c>poll.created</c>.</summary>
    public string EventName { get; }

    /// <summary>The id of the event, a UUID of version 7: the same for all its listeners, inline and durable, and for every attempt.</summary>
    public Guid EventId => _eventId != Guid.Empty ? _eventId : _eventId = Guid.CreateVersion7(_time.GetUtcNow());

    /// <summary>Dispatches further events: in the scope of this listener, with this event as their cause.</summary>
    public IEventDispatcher Dispatcher { get; }

    /// <summary>Cancelled when the emitter gives up; for a durable listener, when the worker has to stop or has lost its lease; for a background one, when the process ends.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Which attempt of a durable listener this is, counted from 1. Always 1 for an inline listener.</summary>
    public int Attempt { get; } = 1;

    /// <summary>The stored event, with its headers, for a durable listener; null for an inline one.</summary>
    public Envelope? Envelope { get; }

    /// <summary>Whether a listener of this dispatch has stopped propagation.</summary>
    public bool IsPropagationStopped { get; private set; }

    /// <summary>No listener after this one takes part in this dispatch, durable ones included.</summary>
    /// <exception cref="InvalidOperationException">Called by a listener that is not inline, which runs by itself: there is nothing after it to stop.</exception>
    public void StopPropagation()
    {
        if (_alone is not null)
        {
            throw new InvalidOperationException(
                $"{(_alone[0] == 'a' ? "An" : "A")} {_alone} listener of '{EventName}' called StopPropagation, but each such listener runs by itself, after the dispatch: there is nothing to stop. "
                + "Stop propagation in an inline listener of higher priority.");
        }

        IsPropagationStopped = true;
    }
}
