using Carillon.Deliveries;
using Carillon.Dispatch.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>Takes a tick: leaves the run of its schedule and the next tick, which are written together with the tick's completion.</summary>
/// <remarks>Nothing of the application runs here but the lambda that makes the event: a listener that fails is tried again by itself and holds no schedule up.</remarks>
internal sealed class TickRunner(ScheduleDeliveries deliveries, TimeProvider time)
{
    internal ValueTask RunAsync(RecurringSchedule schedule, ScheduleTick tick, IServiceProvider scope, CancellationToken cancellationToken)
    {
        var decision = TickDecision.Of(schedule, tick, time.GetUtcNow());
        List<NewDelivery> leaves = [];
        if (decision.Runs)
        {
            leaves.Add(deliveries.RunOf(schedule, new ScheduleContext(schedule.Name, tick.At, tick.Last, scope)));
        }

        if (decision.Next is { } next)
        {
            leaves.Add(deliveries.Wait(next));
        }

        return scope.GetRequiredService<EventDispatcher>().Outbox!.AddAsync(leaves, receipts: null, cancellationToken);
    }
}
