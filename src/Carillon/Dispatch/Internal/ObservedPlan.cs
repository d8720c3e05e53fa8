using System.Diagnostics;
using Carillon.Diagnostics.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Makes a span of each dispatch of a plan, and measures it: around everything else that surrounds the plan.</summary>
internal sealed class ObservedPlan(string eventName, Measuring<double> duration, TimeProvider time, EventPlan inner) : EventPlan
{
    private readonly string _spanName = $"dispatch {eventName}";

    internal override bool IsEmpty => inner.IsEmpty;

    internal override async ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        // Current in an asynchronous method, it is not so any more when this returns.
        var span = Span.Start(_spanName, ActivityKind.Internal).Tag(Tags.EventName, eventName);
        var started = time.GetTimestamp();
        Exception? failure = null;
        try
        {
            await inner.InvokeObjectAsync(@event, scope, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            span.Fail(exception);
            throw;
        }
        finally
        {
            Measure(started, failure);
            span.End();
        }
    }

    private void Measure(long started, Exception? failure)
    {
        if (!duration.IsEnabled)
        {
            return;
        }

        var seconds = time.GetElapsedTime(started).TotalSeconds;
        if (failure is null)
        {
            duration.Record(seconds, [new(Tags.EventName, eventName)]);
        }
        else
        {
            duration.Record(seconds, [new(Tags.EventName, eventName), new(Tags.Error, failure.GetType().FullName)]);
        }
    }
}
