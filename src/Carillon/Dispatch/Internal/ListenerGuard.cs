using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>Stands around a listener whose failure does not end the dispatch, or that stops the rest only if it succeeds.</summary>
internal sealed class ListenerGuard(Listener listener, bool stops, string eventName, ILogger logger)
{
    internal ValueTask InvokeAsync(object @event, in ListenerCall call)
    {
        ValueTask running;
        try
        {
            running = listener.Invoke(@event, in call);
            if (running.IsCompletedSuccessfully)
            {
                // Gives a pooled source back.
                running.GetAwaiter().GetResult();
                Succeed(call.Outcome);
                return ValueTask.CompletedTask;
            }
        }
#pragma warning disable CA1031 // Whatever a listener throws is its failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (IsCancellation(exception, call.CancellationToken))
            {
                GiveUp(call.Outcome);
                throw;
            }

            Fail(exception, call.Outcome);
            return ValueTask.CompletedTask;
        }

        return AwaitAsync(running, call.Outcome, call.CancellationToken);
    }

    private async ValueTask AwaitAsync(ValueTask running, DispatchOutcome? outcome, CancellationToken cancellationToken)
    {
        try
        {
            await running.ConfigureAwait(false);
            Succeed(outcome);
        }
#pragma warning disable CA1031 // Whatever a listener throws is its failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (IsCancellation(exception, cancellationToken))
            {
                GiveUp(outcome);
                throw;
            }

            Fail(exception, outcome);
        }
    }

    // The emitter has given up, and with it the whole dispatch: there is nothing to isolate.
    private static bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private void Succeed(DispatchOutcome? outcome)
    {
        if (stops)
        {
            outcome?.Stop();
        }
    }

    private void Fail(Exception exception, DispatchOutcome? outcome)
    {
        if (listener.Errors == ListenerErrors.Log || outcome is null)
        {
            Log.ListenerFailed(logger, listener.Id, eventName, exception);
        }
        else
        {
            outcome.Fail(listener, exception);
        }
    }

    private void GiveUp(DispatchOutcome? outcome) => DispatchPolicy.LogUnreported(outcome, eventName, logger);
}
