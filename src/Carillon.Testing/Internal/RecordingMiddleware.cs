using Carillon.Middleware;

namespace Carillon.Testing.Internal;

/// <summary>Stands between the application and its listeners: records, and keeps listeners from what is faked.</summary>
internal sealed class RecordingMiddleware(EventRecorder recorder)
{
    internal async ValueTask AroundDispatchAsync(object @event, EventNext next, CancellationToken cancellationToken)
    {
        if (@event is ILifecycleEvent)
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var dispatch = new RecordedEvent(@event, next.EventName, recorder.IsFake(@event, next.EventName));
        recorder.Add(dispatch);

        // Before the listeners: whoever looks on is told in the order of the dispatches.
        var waits = next.TryWatchEnd(phase => End(dispatch, phase));
        try
        {
            if (!dispatch.IsFake)
            {
                await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            dispatch.Exception = exception;
            // One that isolates failures is reported when all else was done.
            Pass(dispatch, exception is ListenersFailedException isolated && isolated.EventName == next.EventName ? Stands(waits) : RecordedOutcome.Failed);
            throw;
        }

        Pass(dispatch, Stands(waits));
    }

    internal async ValueTask AroundListenerAsync(object @event, ListenerNext next, CancellationToken cancellationToken)
    {
        try
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
            Add(exception: null);
        }
        catch (Exception exception)
        {
            Add(exception);
            throw;
        }

        void Add(Exception? exception) =>
            recorder.Add(new RecordedCall(next.Listener.Id, next.EventName, @event, next.Listener.Delivery, next.Attempt, exception));
    }

    private static RecordedOutcome Stands(bool waits) => waits ? RecordedOutcome.Waiting : RecordedOutcome.Committed;

    private void Pass(RecordedEvent dispatch, RecordedOutcome outcome)
    {
        dispatch.Outcome = outcome;
        recorder.Records.Tell();
    }

    // One that failed stays so: whatever else was committed, of this event nothing was.
    private void End(RecordedEvent dispatch, Delivery phase)
    {
        if (dispatch.Outcome is RecordedOutcome.Waiting or RecordedOutcome.Running)
        {
            Pass(dispatch, phase switch
            {
                Delivery.AfterCommit => RecordedOutcome.Committed,
                Delivery.AfterRollback => RecordedOutcome.RolledBack,
                _ => RecordedOutcome.Unknown,
            });
        }
    }
}
