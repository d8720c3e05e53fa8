using Carillon.Deliveries.Internal;
using Carillon.Envelopes;
using Carillon.Events.Internal;

namespace Carillon.Sagas.Internal;

/// <summary>What one step leaves: how far the saga is after it, and what follows.</summary>
internal sealed class SagaChanges(SagaStep step, string listenerId, string key, SagaProgress progress, SagaCatalog sagas, EventCatalog events, Envelope envelope)
{
    internal SagaStep Step => step;

    internal string ListenerId => listenerId;

    internal string Key => key;

    internal SagaProgress Progress => progress;

    internal SagaStatus Status { get; private set; }

    /// <summary>The event that was taken, which causes what follows.</summary>
    internal Envelope Cause => envelope;

    /// <summary>Events that are dispatched later, by their names.</summary>
    internal List<(string Name, object Event, DateTimeOffset At)> TimeOuts { get; } = [];

    internal List<Guid> Cancelled { get; } = [];

    /// <summary>The id of the listener that is undone next; null if none is.</summary>
    internal string? Undone { get; private set; }

    internal void Take(SagaRun run, DateTimeOffset now)
    {
        TakeEvent();
        if (step.Kind == SagaStepKind.Compensate)
        {
            progress.Done.RemoveAt(progress.Done.Count - 1);
            GoBack();
            return;
        }

        if (step.Kind == SagaStepKind.Start)
        {
            progress.Started.Add(listenerId);
        }

        if (run.GivesUp is not null)
        {
            CancelAll();
            GoBack();
            return;
        }

        if (sagas.FindCompensation(listenerId) is not null)
        {
            progress.Done.Add(listenerId);
        }

        if (run.IsCompleted)
        {
            CancelAll();
            Status = SagaStatus.Completed;
            return;
        }

        TakeTimeOuts(run, now);
    }

    // What a time-out dispatches is caused by what has waited.
    private void TakeEvent()
    {
        if (envelope.CausationId is { } cause && progress.TimeOuts.TryGetValue(envelope.EventName, out var id) && id == cause)
        {
            progress.TimeOuts.Remove(envelope.EventName);
        }
    }

    private void TakeTimeOuts(SagaRun run, DateTimeOffset now)
    {
        foreach (var cancelled in run.Cancelled)
        {
            Cancel(events.NameOf(cancelled));
        }

        foreach (var (type, (@event, after)) in run.TimeOuts)
        {
            var name = events.NameOf(type);
            Cancel(name);
            TimeOuts.Add((name, @event, now.After(after)));
        }
    }

    private void Cancel(string name)
    {
        if (progress.TakeBack(name) is { } id)
        {
            Cancelled.Add(id);
        }
    }

    private void CancelAll()
    {
        Cancelled.AddRange(progress.TimeOuts.Values);
        progress.TimeOuts.Clear();
    }

    private void GoBack()
    {
        Undone = progress.Done is [.., var last] ? last : null;
        Status = Undone is null ? SagaStatus.Compensated : SagaStatus.Compensating;
    }
}
