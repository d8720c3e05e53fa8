using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>What an event and its listeners say of failures and of stopping, woven into the listeners when a plan is made. Most say nothing.</summary>
internal sealed class DispatchPolicy
{
    private readonly string _eventName;
    private readonly ILogger? _logger;

    private DispatchPolicy(string eventName, Listener[] listeners, bool needsOutcome, ILogger? logger)
    {
        _eventName = eventName;
        Listeners = listeners;
        NeedsOutcome = needsOutcome;
        _logger = logger;
    }

    /// <summary>Those that can take part, ready to be called.</summary>
    internal Listener[] Listeners { get; }

    /// <summary>Whether each dispatch must remember what failed or stopped it.</summary>
    internal bool NeedsOutcome { get; }

    internal static DispatchPolicy Of(EventType eventType, Listener[] listeners, bool mayBeSkipped, IServiceProvider services)
    {
        var isolates = eventType.Errors == EventErrors.Isolate;
        if (!isolates && !SaysAnything(listeners))
        {
            return new DispatchPolicy(eventType.Name, listeners, needsOutcome: false, logger: null);
        }

        var reached = Reached(listeners, isolates || mayBeSkipped);
        ILogger? logger = null;
        var needsOutcome = false;
        for (var place = 0; place < reached.Length; place++)
        {
            var listener = reached[place];
            needsOutcome |= mayBeSkipped && listener.StopPropagation;
            if (listener.Delivery == Delivery.Inline && (isolates || listener.Errors == ListenerErrors.Log))
            {
                logger ??= Loggers.Of(services).Dispatch;
                needsOutcome |= isolates || listener.StopPropagation;
                reached[place] = listener.With(new ListenerGuard(listener, stops: listener.StopPropagation && !mayBeSkipped, eventType.Name, logger).InvokeAsync);
            }
        }

        return new DispatchPolicy(eventType.Name, reached, needsOutcome, logger);
    }

    /// <summary>Failures that the emitter will not see, since something else has ended the dispatch: they are not lost.</summary>
    internal static void LogUnreported(DispatchOutcome? outcome, string eventName, ILogger logger)
    {
        foreach (var failure in outcome?.Failures ?? [])
        {
            Log.ListenerFailed(logger, failure.ListenerId, eventName, failure.Exception);
        }
    }

    /// <summary>Failures that the emitter will not see, since the dispatch could not be recorded.</summary>
    internal void LogUnreported(DispatchOutcome outcome) => LogUnreported(outcome, _eventName, _logger!);

    private static bool SaysAnything(Listener[] listeners)
    {
        foreach (var listener in listeners)
        {
            if (listener.StopPropagation || listener.Errors != ListenerErrors.Throw)
            {
                return true;
            }
        }

        return false;
    }

    // Behind a listener that stops the rest, and can neither be skipped nor fail without ending the dispatch, nobody is ever called.
    private static Listener[] Reached(Listener[] listeners, bool mayGoOn)
    {
        var last = mayGoOn
            ? -1
            : Array.FindIndex(listeners, listener => listener is { StopPropagation: true, Delivery: Delivery.Inline, Errors: ListenerErrors.Throw });
        return last < 0 ? [.. listeners] : listeners[..(last + 1)];
    }
}
