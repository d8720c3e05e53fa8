using Carillon.Listeners.Internal;

namespace Carillon.Listeners;

/// <summary>What one call of a listener has at hand beside the event.</summary>
public readonly struct ListenerCall
{
    private readonly int _earlierAttempts;

    internal ListenerCall(IServiceProvider services, EventContext? context, CancellationToken cancellationToken, DispatchOutcome? outcome = null)
    {
        Services = services;
        Context = context;
        CancellationToken = cancellationToken;
        Outcome = outcome;
    }

    /// <summary>The scope in which the listener and its dependencies are resolved.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The context of the dispatch; set only for listeners that declare <see cref="Listener.NeedsContext"/>.</summary>
    public EventContext? Context { get; }

    /// <summary>Cancelled when the emitter gives up or the worker has to stop.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>Which attempt of a durable listener this is, counted from 1. Always 1 for any other listener.</summary>
    public int Attempt => _earlierAttempts + 1;

    internal int EarlierAttempts
    {
        init => _earlierAttempts = value;
    }

    /// <summary>The same call under another token.</summary>
    internal ListenerCall With(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>Null for most dispatches, which want nothing but the event.</summary>
    internal DispatchOutcome? Outcome { get; }

    /// <summary>Makes the exception for a listener that should have returned a task and returned null. Generated code calls this.</summary>
    /// <param name="listenerId">The id of the listener.</param>
    /// <returns>The exception, for the caller to throw: it is one of the listener.</returns>
    public static Exception NoTask(string listenerId) =>
        new InvalidOperationException($"The listener '{listenerId}' returned null instead of a task. Make it async, or return Task.CompletedTask where there is nothing to wait for.");

    /// <summary>Hands on what the listener gave back, if the emitter asked for results. Generated code calls this.</summary>
    /// <param name="result">The result; null is none.</param>
    public void SetResult<TResult>(TResult result) => Outcome?.AddResult(result);

    /// <summary>Waits for the listener and hands on what it gives back, if the emitter asked for results. Generated code calls this.</summary>
    /// <param name="running">The listener.</param>
    public ValueTask SetResultAsync<TResult>(Task<TResult> running) =>
        Outcome is { WantsResults: true } outcome ? ListenerResults.AddAsync(running, outcome) : new ValueTask(running);

    /// <inheritdoc cref="SetResultAsync{TResult}(Task{TResult})"/>
    public ValueTask SetResultAsync<TResult>(ValueTask<TResult> running) => ListenerResults.AddAsync(running, Outcome);
}
