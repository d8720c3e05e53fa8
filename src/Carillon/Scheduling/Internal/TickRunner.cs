using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>Takes a tick: leaves the run of its schedule and the next tick, which are written together with the tick's completion.</summary>
/// <remarks>Nothing of the application runs here but the lambda that makes the event: a listener that fails is tried again by itself and holds no schedule up.</remarks>
internal sealed class TickRunner(ScheduleDeliveries deliveries, ScopeDeliveries scope, TimeProvider time)
{
    internal async ValueTask RunAsync(RecurringSchedule schedule, ScheduleTick tick, IServiceProvider services, CancellationToken cancellationToken)
    {
        var decision = TickDecision.Of(schedule, tick, time.GetUtcNow());
        var dispatcher = services.GetRequiredService<EventDispatcher>();
        if (decision.Runs)
        {
            var context = new ScheduleContext(schedule.Name, tick.At, tick.Last, services);
            await scope.AddAsync(dispatcher, () => deliveries.RunOf(schedule, context), options: null, cancellationToken).ConfigureAwait(false);
        }

        if (decision.Next is { } next)
        {
            await scope.AddUntracedAsync(dispatcher, deliveries.Wait(next), cancellationToken).ConfigureAwait(false);
        }
    }
}
