using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes;

namespace Carillon;

/// <summary>What a listener can know and do beside the event itself. A listener that wants it takes it as a parameter.</summary>
/// <threadsafety>Belongs to one dispatch, to one attempt of a durable listener, or to one call of a background one; not safe for concurrent use.</threadsafety>
public sealed class EventContext
{
    private const string OfAProjection = "projection";

    private readonly TimeProvider _time;
    // The kind of a listener that runs by itself; null for one inside a dispatch.
    private readonly string? _alone;
    private readonly Arrival? _arrival;
    private Guid _eventId;

    internal EventContext(string eventName, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
    {
        EventName = eventName;
        Dispatcher = dispatcher;
        CancellationToken = cancellationToken;
        _time = time;
    }

    // The name that the event has, not the one under which it may have been stored once.
    internal EventContext(string eventName, Envelope envelope, int attempt, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
        : this(eventName, dispatcher, time, cancellationToken)
    {
        Envelope = envelope;
        Attempt = attempt;
        _eventId = envelope.Id;
        _alone = "durable";
    }

    internal EventContext(string eventName, Arrival arrival, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
        : this(eventName, dispatcher, time, cancellationToken)
    {
        Envelope = arrival.Envelope;
        Attempt = arrival.Attempt;
        _eventId = arrival.Envelope.Id;
        _arrival = arrival;
    }

    internal EventContext(
        string eventName, Guid eventId, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken, string kind = "background")
        : this(eventName, dispatcher, time, cancellationToken)
    {
        _eventId = eventId;
        _alone = kind;
    }

    // For a projection, which has the event as it is stored and no delivery.
    internal static EventContext OfProjection(
        string eventName, Envelope envelope, DbTransaction? transaction, IEventDispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken) =>
        new(eventName, envelope.Id, dispatcher, time, cancellationToken, OfAProjection) { Envelope = envelope, Transaction = transaction };

    /// <summary>The name of the event, <c>poll.created</c>.</summary>
    public string EventName { get; }

    /// <summary>The id of the event, a UUID of version 7: the same for all its listeners, inline and durable, and for every attempt.</summary>
    public Guid EventId => _eventId != Guid.Empty ? _eventId : _eventId = Guid.CreateVersion7(_time.GetUtcNow());

    /// <summary>Dispatches further events: in the scope of this listener, with this event as their cause.</summary>
    public IEventDispatcher Dispatcher { get; }

    /// <summary>Cancelled when the emitter gives up; for a durable listener, when it takes longer than its time-out, when somebody cancels the delivery, and when the worker has to stop or has lost its lease; for a background one, when the process ends.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Which attempt of a durable listener this is, or how often an event from another application was received, counted from 1. Otherwise always 1 for an inline listener.</summary>
    public int Attempt { get; } = 1;

    /// <summary>The stored event, with its headers, for a durable listener, and the one that was received for a listener of an event from another application; the recorded one for a projection; null for any other inline listener.</summary>
    public Envelope? Envelope { get; private init; }

    /// <summary>
    /// The transaction of a transactional listener, in which its delivery is completed too; it is committed when the listener returns. That of a projection, in which it
    /// is noted how far it has come. Null for any other listener. Its connection is the place to work on; neither is to be committed, rolled back or closed.
    /// </summary>
    public DbTransaction? Transaction { get; internal init; }

    /// <summary>Whether a listener of this dispatch has stopped propagation.</summary>
    public bool IsPropagationStopped { get; private set; }

    /// <summary>What a durable listener has decided about its delivery; null if it has decided nothing.</summary>
    internal AttemptDecision? Decision { get; private set; }

    /// <summary>
    /// Has this durable listener called again later, with the same event; this attempt does not count. Takes effect when the listener returns without an exception, like
    /// <see cref="Discard"/> and <see cref="Reject"/>: what was decided last counts. The work of a transactional listener is rolled back.
    /// </summary>
    /// <param name="delay">How long to wait; zero for at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="InvalidOperationException">Called by a listener that is not durable. An event from another application cannot be put off uncounted: <see cref="Reject"/> it.</exception>
    public void Snooze(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (_arrival is not null)
        {
            throw new InvalidOperationException(
                $"A listener of '{EventName}', which has come from another application, called Snooze, but a transport counts whatever comes again. Call Reject, or make the listener durable.");
        }

        Decide(DeliveryOutcome.Snoozed, reason: null, delay);
    }

    /// <summary>
    /// Gives up the delivery of this durable listener, which has no use for it: it is kept as discarded, with the reason, and blocks nobody. An event from another
    /// application is put to the dead letters of its subscription, and no further listener takes part.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <exception cref="InvalidOperationException">Called by a listener that is not durable, of an event from this application.</exception>
    public void Discard(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Decide(DeliveryOutcome.Discarded, reason, delay: null);
    }

    /// <summary>
    /// Says no to the event, which comes again to this durable listener after a while: the attempt counts as failed, as it does with an exception, and after the last one
    /// the delivery is kept as failed. A listener of an event from another application says no for all of them: no further one takes part, nothing is stored for
    /// durable ones, and the event comes to this application again.
    /// </summary>
    /// <param name="reason">Why; kept with the attempt.</param>
    /// <param name="delay">How long to wait; null, the default, for as long as the retry options say.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="InvalidOperationException">Called by a listener that is not durable, of an event from this application.</exception>
    public void Reject(string reason, TimeSpan? delay = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay ?? TimeSpan.Zero, TimeSpan.Zero, nameof(delay));
        Decide(DeliveryOutcome.Retry, reason, delay);
    }

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

    private void Decide(DeliveryOutcome outcome, string? reason, TimeSpan? delay, [CallerMemberName] string method = "")
    {
        if (Envelope is null)
        {
            throw new InvalidOperationException(
                $"A listener of '{EventName}' that is not durable called {method}, but it has no delivery of which this could be said. Make it durable, or return.");
        }

        if (_alone == OfAProjection)
        {
            throw new InvalidOperationException(
                $"A projection called {method} on '{EventName}', but it takes every event once, in its order, and has no delivery of which this could be said. Return to go on, or throw to stop.");
        }

        Decision = new AttemptDecision(outcome, reason, delay);
        if (_arrival is not null)
        {
            _arrival.Decision = Decision;
            IsPropagationStopped = true;
        }
    }
}
