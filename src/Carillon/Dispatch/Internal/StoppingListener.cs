using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>A listener that stops the rest by having run, inside a middleware that may not let it run.</summary>
internal sealed class StoppingListener(Listener listener)
{
    /// <summary>The listeners, those that stop the rest as they say it themselves.</summary>
    internal static Listener[] Among(Listener[] listeners) =>
        Array.ConvertAll(
            listeners,
            static listener => listener is { StopPropagation: true, Delivery: Delivery.Inline } ? listener.With(new StoppingListener(listener).InvokeAsync) : listener);

    private ValueTask InvokeAsync(object @event, in ListenerCall call)
    {
        var running = listener.Invoke(@event, in call);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, call.Outcome);
        }

        // Gives a pooled source back.
        running.GetAwaiter().GetResult();
        call.Outcome?.Stop();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask AwaitAsync(ValueTask running, DispatchOutcome? outcome)
    {
        await running.ConfigureAwait(false);
        outcome?.Stop();
    }
}
