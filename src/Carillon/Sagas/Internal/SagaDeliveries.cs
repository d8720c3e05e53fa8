using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Carillon.Scheduling.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sagas.Internal;

/// <summary>What follows a step of a saga, as deliveries: time-outs, those that are taken back, and the next step that is undone.</summary>
internal sealed class SagaDeliveries(SagaCatalog sagas, ScheduleDeliveries schedules, DeliveryRecorder recorder, ScopeDeliveries scope, TimeProvider time)
{
    /// <summary>Makes them. Time-outs are noted in the progress by the ids that they have from now on.</summary>
    internal List<NewDelivery> Of(SagaChanges changes, string? reason)
    {
        var deliveries = new List<NewDelivery>();
        foreach (var (name, @event, at) in changes.TimeOuts)
        {
            var id = changes.Progress.NumberTimeOut(Guid.CreateVersion7(time.GetUtcNow()));
            changes.Progress.TimeOuts[name] = id;
            deliveries.Add(schedules.Event(@event, at, changes.Cause, Findable(id), id));
        }

        if (changes.Cancelled.Count > 0)
        {
            var cancelling = new TimeOutsToCancel(changes.Cancelled);
            deliveries.Add(NewDeliveries.Of(
                TimeOutCanceller.Listener, recorder.Seal(TimeOutsToCancel.EventType, cancelling, context: null, changes.Cause), cancelling, options: null));
        }

        if (changes.Undone is { } undone && sagas.FindCompensation(undone) is { } compensates)
        {
            var compensation = new Compensation(changes.Step.Saga, changes.Key, undone, reason ?? string.Empty);
            deliveries.Add(NewDeliveries.Of(
                compensates, recorder.Seal(SagaCatalog.CompensationType, compensation, context: null, changes.Cause), compensation, options: null));
        }

        return deliveries;
    }

    /// <summary>Puts them where those of a dispatch of the listener go: they are written with its outcome.</summary>
    internal async ValueTask AddAsync(List<NewDelivery> deliveries, ListenerCall call)
    {
        foreach (var delivery in deliveries)
        {
            await scope.AddAsync(call.Services.GetRequiredService<EventDispatcher>(), () => delivery, options: null, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Unique by its own id: that keeps nothing away, and whoever takes it back finds it.
    private static DeliveryUniqueness Findable(Guid id) => new(TimeOutsToCancel.UniqueKey(id), UniqueUntil.Done);
}
