using System.Runtime.CompilerServices;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Listeners;
using Carillon.Retries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Transports.Internal;

/// <summary>
/// Takes events out of the application: a durable listener like any other, in a lane of its own, so that what leaves is written with the work that it tells of and is
/// tried again until the transport has it.
/// </summary>
/// <remarks>It is called in as many deliveries at once as its lane is wide, each of which waits for its own confirmation: that is the window of what is on its way.</remarks>
internal sealed class Publisher(
    TransportSlot transport, EventSource source, EventCatalog events, EventSerializer serializer, IOptions<RetryOptions> retries, Loggers loggers)
{
    internal const string ListenerId = "carillon.publish";
    internal const string QueueName = "carillon.publish";
    internal const int DefaultWindow = 128;

    // Days, with the longest delay: a broker that is away for a night has lost nothing.
    private const int MaxAttempts = RetryOptions.LargestMaxAttempts;

    internal static readonly Listener Unordered = Create(ordered: false);
    private static readonly Listener InOrder = Create(ordered: true);

    private readonly ILogger _logger = loggers.Transports;

    /// <summary>One listener in two forms: how deliveries wait for each other is written with each of them.</summary>
    internal static Listener For(PublishOptions options) => options.Ordered ? InOrder : Unordered;

    private static Listener Create(bool ordered) => new(ListenerId, typeof(object), Publish)
    {
        Delivery = Delivery.Durable,
        Queue = QueueName,
        MaxAttempts = MaxAttempts,
        Ordered = ordered,
        TakesDelivery = true,
    };

    private static ValueTask Publish(object @event, in ListenerCall call) =>
        DurableEngine.Get<Publisher>(call.Services).PublishAsync((LeasedDelivery)@event, call.CancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishAsync(LeasedDelivery delivery, CancellationToken cancellationToken)
    {
        var envelope = delivery.Envelope;
        var eventType = events.Find(envelope.EventName)!;
        var key = delivery.Key ?? KeyOf(eventType, delivery);
        var wire = source.Writer.Write(envelope, key);
        var outgoing = new OutgoingEvent
        {
            EventName = envelope.EventName,
            Id = envelope.Id,
            Key = key,
            ContentType = wire.ContentType,
            Headers = wire.Headers,
            Body = wire.Body,
        };
        if (await transport.Required.PublishAsync(outgoing, cancellationToken).ConfigureAwait(false) == PublishResult.Routed)
        {
            Log.HasLeft(_logger, envelope.EventName, envelope.Id, transport.Required.Name);
        }
        else if (eventType.NeedsSubscriber)
        {
            throw Unrouted(delivery);
        }
        else
        {
            Log.Unrouted(_logger, envelope.EventName, envelope.Id, transport.Required.Name);
        }
    }

    // Only what has a key is made an object for it: the bytes go as they are.
    private string? KeyOf(EventType eventType, LeasedDelivery delivery) =>
        typeof(IKeyedEvent).IsAssignableFrom(eventType.Type) && ((IKeyedEvent)serializer.Deserialize(eventType, delivery.Envelope)).Key is { Length: > 0 } key ? key : null;

    // A subscriber that is being installed comes within minutes, or was forgotten.
    private CarillonException Unrouted(LeasedDelivery delivery)
    {
        var message = $"No subscription takes '{delivery.Envelope.EventName}', which needs one: {transport.Required.Description} has dropped it. "
            + "Start the application that receives it once, so that its subscription exists; then retry the delivery.";
        return delivery.Attempt >= retries.Value.MaxAttempts ? new UnrecoverableListenerException(message) : new TransportException(message);
    }
}
