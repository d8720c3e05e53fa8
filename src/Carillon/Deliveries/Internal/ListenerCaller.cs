using System.Runtime.CompilerServices;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Envelopes;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Middleware.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Deliveries.Internal;

/// <summary>Calls a durable listener: in a scope of its own, with its own copy of the event, as the cause of what it dispatches.</summary>
internal sealed class ListenerCaller(
    EventSerializer serializer,
    StoreSlot store,
    IServiceScopeFactory scopes,
    IServiceProvider services,
    TimeProvider time,
    ListenerTransactions transactions,
    JointSettlement joint,
    ListenerMiddlewares? middlewares = null)
{
    /// <returns>What the listener has decided; null if it has simply run.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<AttemptDecision?> CallAsync(HeldDelivery held, EventType eventType, AttemptPlan plan, CancellationToken token)
    {
        if (plan.Listener.TakesDelivery)
        {
            await plan.Listener.Invoke(held.Delivery, new ListenerCall(services, context: null, token) { EarlierAttempts = held.Delivery.Attempt - 1 }).ConfigureAwait(false);
            return null;
        }

        // Its own copy: whatever this listener does to the event, no other one sees it.
        var @event = Read(held.Delivery.Envelope, eventType, plan.Listener);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var dispatcher = scope.ServiceProvider.GetRequiredService<EventDispatcher>();
            dispatcher.Cause = held.Delivery.Envelope;
            if (plan.Listener.LeavesWithOutcome)
            {
                return await CallOwnAsync(held, plan.Listener, eventType.Name, @event, scope.ServiceProvider, dispatcher, token).ConfigureAwait(false);
            }

            var call = new AttemptCall(held, plan.Listener, middlewares?.OfDurable(plan.Listener, eventType) ?? plan.Listener.Invoke, eventType.Name, @event, scope.ServiceProvider, dispatcher, time, token);
            if (plan.Listener.KeepsItself && !store.Required.JoinsTransactions)
            {
                return await joint.RunAsync(call, dispatcher).ConfigureAwait(false);
            }

            return plan.Listener.Transactional
                ? await transactions.RunAsync(call).ConfigureAwait(false)
                : await call.InvokeAsync(transaction: null).ConfigureAwait(false);
        }
    }

    // A listener of Carillon's own: nothing of the application is around it.
    private async ValueTask<AttemptDecision?> CallOwnAsync(
        HeldDelivery held, Listener listener, string eventName, object @event, IServiceProvider services, EventDispatcher dispatcher, CancellationToken token)
    {
        var outbox = new AttemptOutbox();
        dispatcher.Outbox = outbox;
        await new AttemptCall(held, listener, listener.Invoke, eventName, @event, services, dispatcher, time, token).InvokeAsync(transaction: null).ConfigureAwait(false);
        if (outbox.Deliveries.Count > 0)
        {
            await joint.WriteAsync(held, outbox.Deliveries, token).ConfigureAwait(false);
        }

        return null;
    }

    private object Read(Envelope envelope, EventType eventType, Listener listener)
    {
        var @event = serializer.Deserialize(eventType, envelope);
        if (listener.EventType == typeof(NamedEvent))
        {
            @event = new NamedEvent(eventType.Name, @event);
        }

        return listener.EventType.IsInstanceOfType(@event)
            ? @event
            : throw new EventSerializationException(
                $"The stored event '{envelope.EventName}' is a {eventType.Type}, but its listener '{listener.Id}' takes {listener.EventType}.");
    }
}
