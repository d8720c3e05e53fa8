using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Transports;

/// <summary>An event of another application in the hands of a receiver without a class.</summary>
/// <threadsafety>Belongs to one call of the receiver; not safe for concurrent use.</threadsafety>
public sealed class ReceivedEvent
{
    private readonly Arrival _arrival;

    internal ReceivedEvent(Arrival arrival, IServiceProvider services)
    {
        _arrival = arrival;
        Services = services;
    }

    /// <summary>The name, <c>poll.created</c>.</summary>
    public string Name => Envelope.EventName;

    /// <summary>The event as it was sent, with its headers. Its payload is JSON of which nothing is certain.</summary>
    public Envelope Envelope => _arrival.Envelope;

    /// <summary>The key whose order is kept; null if it has none.</summary>
    public string? Key => _arrival.Key;

    /// <summary>How often it was given to this subscription, counted from 1.</summary>
    public int Attempt => _arrival.Attempt;

    /// <summary>The services of the scope in which it is handled. What is dispatched by their dispatcher has this event as its cause.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Reads it as a type of event that this application knows, taken to its present version.</summary>
    /// <typeparam name="TEvent">The type; made known with AddEvent or by its listeners.</typeparam>
    /// <exception cref="CarillonException">The type is not known as an event.</exception>
    /// <exception cref="EventSerializationException">The event cannot be read as this type. Left to itself, it makes the event a dead letter.</exception>
    public TEvent Read<TEvent>()
        where TEvent : notnull
    {
        var eventType = Services.GetRequiredService<EventCatalog>().Find(typeof(TEvent))
            ?? throw new CarillonException($"'{Name}' is to be read as '{typeof(TEvent)}', which is not known as an event here. Call AddEvent<{typeof(TEvent).Name}>() in AddCarillon.");
        return (TEvent)DurableEngine.Get<EventSerializer>(Services).Deserialize(eventType, Envelope);
    }

    /// <summary>Says no to the event: it comes again after a while, and becomes a dead letter after the last attempt. Takes effect when the receiver returns.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="delay">How long to wait; null, the default, for as long as the retry options say.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public void Reject(string reason, TimeSpan? delay = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay ?? TimeSpan.Zero, TimeSpan.Zero, nameof(delay));
        _arrival.Decision = new AttemptDecision(DeliveryOutcome.Retry, reason, delay);
    }
}
