using Carillon.Dispatch.Internal;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Receiving events of other applications where there is a dispatcher at hand.</summary>
public static class EventReceiverExtensions
{
    /// <summary>Begins to receive events of other applications, as <see cref="IEventReceiver"/> does.</summary>
    /// <param name="events">The dispatcher of the current scope. What is received outlives that scope.</param>
    /// <param name="pattern">The name of the events, or a pattern of names.</param>
    /// <param name="handler">Called with each event, in a scope of its own.</param>
    /// <param name="subscriberKey">Makes the subscription durable. Null, the default: it is gone with the handle.</param>
    /// <param name="cancellationToken">Gives up beginning.</param>
    /// <returns>Stops when it is disposed.</returns>
    /// <exception cref="TransportException">The transport cannot be reached, or refuses the subscription.</exception>
    /// <exception cref="CarillonException">There is no transport, or the dispatcher is not Carillon's own.</exception>
    public static ValueTask<IAsyncDisposable> ReceiveAsync(
        this IEventDispatcher events,
        string pattern,
        Func<ReceivedEvent, CancellationToken, ValueTask> handler,
        string? subscriberKey = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return events is EventDispatcher own && own.Services.GetService<IEventReceiver>() is { } receiver
            ? receiver.ReceiveAsync(pattern, handler, subscriberKey, cancellationToken: cancellationToken)
            : throw new CarillonException(
                $"'{pattern}' cannot be received by this dispatcher: there is no transport. Choose one in AddCarillon: UseInMemoryTransport(new InMemoryTransport()) for development, or that of a package.");
    }
}
