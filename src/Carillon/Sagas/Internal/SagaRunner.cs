using System.Diagnostics;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Events.Internal;
using Carillon.Listeners;
using Carillon.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Sagas.Internal;

/// <summary>Runs a method of a saga inside the attempt of its listener: reads the saga, calls the method, saves what it has left.</summary>
internal sealed class SagaRunner(
    SagaStoreSlot store,
    SagaCatalog sagas,
    SagaStates states,
    SagaDeliveries deliveries,
    EventCatalog events,
    SagaMetrics metrics,
    JitterSource jitter,
    TimeProvider time,
    IOptions<SagaOptions> options,
    Loggers loggers)
{
    // Whoever was overtaken comes again soon, and two that were do not come at the same moment.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly ILogger _logger = loggers.Sagas;

    internal async ValueTask RunAsync(SagaStep step, string listenerId, ListenerInvoker invoke, object @event, ListenerCall call)
    {
        var context = call.Context!;
        var envelope = context.Envelope!;
        var key = KeyOf(step, listenerId, @event, envelope);
        var found = await store.Required.FindAsync(context.Transaction, step.Saga, key, listenerId, envelope.Id, call.CancellationToken).ConfigureAwait(false);
        var progress = found is null ? new SagaProgress() : SagaProgress.Read(found.Instance.Progress);
        var verdict = SagaRule.Judge(step, listenerId, found, progress, envelope);
        if (verdict != SagaVerdict.Run)
        {
            Ignore(verdict, step, listenerId, key, context);
            return;
        }

        var saga = (Saga)call.Services.GetRequiredService(step.SagaType);
        var run = new SagaRun(key, step.Kind);
        saga.Attach(run, found is null ? saga.NewState() : states.Read(step, saga, found.Instance));
        await invoke(@event, call).ConfigureAwait(false);
        var state = saga.DetachState();
        if (context.Decision is not null)
        {
            // Snoozed, rejected or discarded: its work is rolled back.
            return;
        }

        var changes = new SagaChanges(step, listenerId, key, progress, sagas, events, envelope);
        changes.Take(run, time.GetUtcNow());
        var follows = deliveries.Of(changes, run.GivesUp ?? found?.Instance.Reason);
        if (await SaveAsync(found?.Instance, state, changes, run, context).ConfigureAwait(false))
        {
            await deliveries.AddAsync(follows, call).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SaveAsync(SagaInstance? before, object state, SagaChanges changes, SagaRun run, EventContext context)
    {
        var now = time.GetUtcNow();
        var step = changes.Step;
        var status = changes.Status;
        var isEnd = status is SagaStatus.Completed or SagaStatus.Compensated;
        var instance = new SagaInstance
        {
            Saga = step.Saga,
            Key = changes.Key,
            Status = status,
            Version = (before?.Version ?? 0) + 1,
            StateVersion = step.Version,
            State = states.Write(step, changes.Key, state),
            Progress = changes.Progress.Write(),
            Reason = run.GivesUp ?? before?.Reason,
            StartedAt = before?.StartedAt ?? now,
            UpdatedAt = now,
            KeepUntil = isEnd ? now.After(options.Value.KeepEnded) : null,
        };
        var entry = new SagaEntry(instance.Version, now, changes.ListenerId, context.EventName, context.EventId, status);
        if (!await store.Required.SaveAsync(context.Transaction, instance, entry, CancellationToken.None).ConfigureAwait(false))
        {
            Log.SagaOvertaken(_logger, changes.ListenerId, step.Saga, changes.Key, context.EventName, context.EventId);
            metrics.Overtaken(step);
            context.Snooze(LongestPause * jitter.Next());
            return false;
        }

        metrics.Took(step, status);
        if (isEnd)
        {
            Log.SagaEnded(_logger, step.Saga, changes.Key, SagaMetrics.NameOf(status), instance.Version, instance.Reason);
        }

        return true;
    }

    private void Ignore(SagaVerdict verdict, SagaStep step, string listenerId, string key, EventContext context)
    {
        if (verdict == SagaVerdict.Early)
        {
            context.Reject(
                $"There is no saga '{step.Saga}' with the key '{key}' for '{context.EventName}': the event has come before the one that begins it, or that one was never dispatched. "
                + "It comes again as a failed attempt does; [Saga(Early = EarlyEvents.Ignore)] leaves such events out.");
            return;
        }

        var reason = verdict switch
        {
            SagaVerdict.TakenBefore => "taken_before",
            SagaVerdict.StartedBefore => "started_before",
            SagaVerdict.TakenBack => "taken_back",
            SagaVerdict.Ended => "ended",
            SagaVerdict.GaveUp => "gave_up",
            SagaVerdict.NotThere => "not_there",
            _ => throw new UnreachableException(),
        };
        Log.SagaEventIgnored(_logger, listenerId, step.Saga, key, context.EventName, context.EventId, reason);
        metrics.Ignored(step, reason);
    }

    private static string KeyOf(SagaStep step, string listenerId, object @event, Envelope envelope)
    {
        var key = @event is Compensation compensation && step.Kind == SagaStepKind.Compensate ? compensation.Key : step.Key!(@event);
        return key is { Length: > 0 and <= SagaKey.MaxLength }
            ? key
            // Another attempt would find the same.
            : throw new UnrecoverableListenerException(
                $"The event '{envelope.EventName}' {envelope.Id} has {(string.IsNullOrEmpty(key) ? "no value" : $"one of {key.Length} characters")} in the property by which '{listenerId}' finds its saga '{step.Saga}'. "
                + $"A key has 1 to {SagaKey.MaxLength} characters: fill it before the event is dispatched, and discard this delivery.");
    }
}
