using Carillon.Listeners;

namespace Carillon.Waiting.Internal;

/// <summary>Listens for as long as somebody waits.</summary>
internal sealed class EventWaiter(IListenerRegistry registry, TimeProvider time) : IEventWaiter
{
    public async Task<TEvent> WaitForAsync<TEvent>(
        Func<TEvent, bool>? filter = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        var first = new TaskCompletionSource<TEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = registry.Until(cancellationToken).Add(LastListener.Of<TEvent>("wait", (@event, _) => Look(@event, filter, first)));
        try
        {
            return await first.Task.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!first.Task.IsFaulted)
        {
            throw new TimeoutException(
                $"No event '{typeof(TEvent)}'{(filter is null ? string.Empty : " that passes the filter")} was dispatched within {timeout}. "
                + "An event counts when its dispatch has come to its end: look for one that was stopped or whose listener threw, or wait longer.");
        }
    }

    public EventStream<TEvent> ReadEventsAsync<TEvent>(EventStreamOptions? options = null, CancellationToken cancellationToken = default)
        where TEvent : notnull => new(registry, options ?? new EventStreamOptions(), cancellationToken);

    private static ValueTask Look<TEvent>(TEvent @event, Func<TEvent, bool>? filter, TaskCompletionSource<TEvent> first)
    {
        try
        {
            if (!first.Task.IsCompleted && (filter is null || filter(@event)))
            {
                first.TrySetResult(@event);
            }
        }
#pragma warning disable CA1031 // It goes to whoever waits: the emitter has nothing to do with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            first.TrySetException(exception);
        }

        return ValueTask.CompletedTask;
    }
}
