using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>Takes a tick: leaves the run of its schedule and the next tick, which are written together with the tick's completion.</summary>
/// <remarks>
/// Nothing of the application runs here but the lambda that makes the event: a listener that fails is tried again by itself and holds no schedule up. Nor does a lambda that throws: its run
/// becomes a tick by itself, which is tried again and kept as failed like any delivery, and the schedule goes on.
/// </remarks>
internal sealed class TickRunner(ScheduleDeliveries deliveries, ScopeDeliveries scope, TimeProvider time, Loggers loggers)
{
    internal async ValueTask RunAsync(RecurringSchedule schedule, ScheduleTick tick, IServiceProvider services, CancellationToken cancellationToken)
    {
        var decision = TickDecision.Of(schedule, tick, time.GetUtcNow());
        var dispatcher = services.GetRequiredService<EventDispatcher>();
        if (decision.Runs)
        {
            var context = new ScheduleContext(schedule.Name, tick.At, tick.Last, services);
            try
            {
                await scope.AddAsync(dispatcher, () => deliveries.RunOf(schedule, context), options: null, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever the application's lambda throws; by itself it would hold up all times to come.
            catch (Exception exception) when (!tick.IsStart && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.RunNotMade(loggers.Worker, schedule.Name, tick.At, exception);
                await scope.AddUntracedAsync(dispatcher, deliveries.Again(tick), cancellationToken).ConfigureAwait(false);
            }
        }

        if (decision.Next is { } next)
        {
            await scope.AddUntracedAsync(dispatcher, deliveries.Wait(next), cancellationToken).ConfigureAwait(false);
        }
    }
}
