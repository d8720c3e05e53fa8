using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>One event for one listener that waits for a phase of a unit of work. The event is kept as it is.</summary>
internal sealed class PhasedCall(PhaseRunner runner, Listener listener, object @event, string eventName, Guid eventId, EventDispatcher dispatcher)
{
    internal const int MaxDepth = 64;

    private PhasedCall? _cause;
    private int _depth = 1;

    internal Listener Listener => listener;

    internal object Event => @event;

    internal string EventName => eventName;

    /// <summary>The id of the event, the same for all its listeners.</summary>
    internal Guid EventId => eventId;

    /// <summary>The dispatcher of the scope in which the event was dispatched.</summary>
    internal EventDispatcher Dispatcher => dispatcher;

    internal Delivery Phase => listener.Delivery;

    /// <summary>Whether what its event belongs to was rolled back, although the whole may be committed.</summary>
    internal bool IsUndone { get; set; }

    /// <summary>Makes it a link of a chain of listeners that run before the commit, which must not go on for ever.</summary>
    /// <param name="cause">The one that runs while this is added; null if none does.</param>
    internal void ComeAfter(PhasedCall? cause)
    {
        if (Phase != Delivery.BeforeCommit || cause is null)
        {
            return;
        }

        _cause = cause;
        _depth = cause._depth + 1;
        if (_depth > MaxDepth)
        {
            throw new CarillonException(
                $"More than {MaxDepth} listeners that run before the commit led one to the next: {string.Join(" -> ", Chain().Reverse())}. "
                + "Break the circle: one of them must not dispatch.");
        }
    }

    /// <summary>Inside the transaction, in the scope of the dispatch: an exception is the caller's.</summary>
    internal ValueTask RunInsideAsync(CancellationToken cancellationToken) => runner.RunInsideAsync(this, cancellationToken);

    /// <summary>When all is over, in a scope of its own. Never throws.</summary>
    internal ValueTask RunAfterAsync() => runner.RunAfterAsync(this);

    private IEnumerable<string> Chain()
    {
        for (var link = this; link is not null; link = link._cause)
        {
            yield return link.EventName;
        }
    }
}
