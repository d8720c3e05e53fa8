namespace Carillon.Listeners.Internal;

/// <summary>What a dispatch brings in beside its event: results, failures, a stop, options of its deliveries. Made only for dispatches that need one of these.</summary>
internal sealed class DispatchOutcome(ResultCollector? results)
{
    private bool _isStopped;

    internal bool WantsResults => results is not null;

    /// <summary>What the emitter says of deliveries; null if it says nothing.</summary>
    internal DeliveryOptions? Options { get; init; }

    /// <summary>The listener that runs now: its result is its own.</summary>
    internal Listener? Current { get; set; }

    internal List<ListenerFailure>? Failures { get; private set; }

    /// <summary>Whether no further listener takes part: one has stopped the rest, or the emitter has its result.</summary>
    internal bool IsStopped => _isStopped || results is { IsComplete: true };

    internal void Stop() => _isStopped = true;

    internal void Fail(Listener listener, Exception exception) => (Failures ??= []).Add(new ListenerFailure(listener.Id, exception));

    internal void AddResult<TResult>(TResult result)
    {
        if (results is ResultCollector<TResult> exact)
        {
            exact.AddExact(Current!.Id, result);
        }
        else
        {
            results?.Add(Current!.Id, result);
        }
    }
}
