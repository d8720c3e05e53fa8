using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Dispatch.Internal;
using Carillon.Listeners;

namespace Carillon.Deliveries.Internal;

/// <summary>One call of a durable listener, ready to be made.</summary>
internal readonly struct AttemptCall(
    HeldDelivery held,
    Listener listener,
    ListenerInvoker invoke,
    string eventName,
    object @event,
    IServiceProvider services,
    EventDispatcher dispatcher,
    TimeProvider time,
    CancellationToken token)
{
    internal HeldDelivery Held => held;

    internal IServiceProvider Services => services;

    internal CancellationToken Token => token;

    /// <returns>What the listener has decided; null if it has simply run.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<AttemptDecision?> InvokeAsync(DbTransaction? transaction)
    {
        var delivery = held.Delivery;
        var context = listener.NeedsContext
            ? new EventContext(eventName, delivery.Envelope, delivery.Attempt, dispatcher, time, token) { Transaction = transaction }
            : null;
        await invoke(@event, new ListenerCall(services, context, token) { EarlierAttempts = delivery.Attempt - 1 }).ConfigureAwait(false);
        return context?.Decision;
    }
}
