namespace Carillon.Listeners.Internal;

/// <summary>Lets a listener run so many times, whatever the number of dispatches that come to it at once.</summary>
internal sealed class LimitedRuns(ListenerInvoker invoke, int times)
{
    private int _left = times;

    /// <summary>Disposed as the last run begins.</summary>
    internal IDisposable? Registration { get; set; }

    internal ValueTask InvokeAsync(object @event, in ListenerCall call)
    {
        var left = Interlocked.Decrement(ref _left);
        if (left < 0)
        {
            // A dispatch that began before the last run.
            return ValueTask.CompletedTask;
        }

        if (left == 0)
        {
            Registration?.Dispose();
        }

        return invoke(@event, in call);
    }
}
