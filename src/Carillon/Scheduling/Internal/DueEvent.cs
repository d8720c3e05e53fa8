using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>The listener to which scheduled events are addressed: it dispatches them to their own, in a scope of its own.</summary>
/// <remarks>
/// The deliveries of what is dispatched are written with the outcome: a dispatch that fails half-way and is made again has stored nothing the first time, and one
/// whose process dies before it is settled neither.
/// </remarks>
internal static class DueEvent
{
    internal const string ListenerId = "carillon.schedule";

    internal static readonly Listener Listener = new(ListenerId, typeof(object), DispatchAsync) { Delivery = Delivery.Durable, LeavesWithOutcome = true };

    private static ValueTask DispatchAsync(object @event, in ListenerCall call) =>
        call.Services.GetRequiredService<EventDispatcher>().DispatchObjectAsync(@event, call.CancellationToken);
}
