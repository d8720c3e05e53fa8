using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Tracing;
using Carillon.Tracing.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>Writes down who is called in each dispatch of a plan: around everything else that surrounds it.</summary>
internal sealed class TracePlan(EventType eventType, Listener[] listeners, DispatchTrace trace, ILogger logger, EventPlan inner) : EventPlan
{
    internal override bool IsEmpty => inner.IsEmpty;

    internal override async ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        // Set in an asynchronous method, it is gone when this returns.
        var record = DispatchRecord.Current = new DispatchRecord(listeners);
        try
        {
            await inner.InvokeObjectAsync(@event, scope, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            End(record, exception);
            throw;
        }

        End(record, exception: null);
    }

    private void End(DispatchRecord record, Exception? exception)
    {
        var traced = record.ToTrace(eventType, exception);
        trace.Add(traced);
        if (logger.IsEnabled(LogLevel.Debug))
        {
            Log.DispatchTraced(logger, eventType.Name, Names(traced.Called), Names(traced.NotCalled), traced.StoppedBy ?? (exception is null ? "nobody" : "an exception"));
        }
    }

    private static string Names(IEnumerable<TracedListener> listeners) => string.Join(", ", listeners.Select(listener => $"{listener.Id} {listener.Priority}"));

    /// <summary>The plan inside all middleware: what comes out of it has come through.</summary>
    internal sealed class Innermost(EventPlan plan) : EventPlan
    {
        internal override bool IsEmpty => plan.IsEmpty;

        internal override async ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
        {
            try
            {
                await plan.InvokeObjectAsync(@event, scope, cancellationToken).ConfigureAwait(false);
                ComeThrough();
            }
            catch (ListenersFailedException)
            {
                // Said at the end, when everybody has been called and the deliveries are recorded.
                ComeThrough();
                throw;
            }
        }

        private static void ComeThrough()
        {
            if (DispatchRecord.Current is { } record)
            {
                record.CameThrough = true;
            }
        }
    }
}
