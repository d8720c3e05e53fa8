using Carillon.Testing.Internal;

namespace Carillon.Testing;

/// <summary>What was dispatched and which listeners were called, in order. Every expectation that fails lists what was seen instead.</summary>
/// <threadsafety>Safe for concurrent use. What a property returns is a snapshot.</threadsafety>
public abstract class RecordedEvents
{
    private protected RecordedEvents()
    {
    }

    internal Records Records { get; } = new();

    /// <summary>Every dispatch so far: committed or not, real or faked, also those that failed.</summary>
    public IReadOnlyList<RecordedEvent> Dispatches => Records.Dispatches();

    /// <summary>The events of all these dispatches.</summary>
    public IReadOnlyList<object> Events => [.. Dispatches.Select(static dispatch => dispatch.Event)];

    /// <summary>The calls of listeners that have ended, attempts of durable ones included.</summary>
    public IReadOnlyList<RecordedCall> Calls => Records.Calls();

    /// <summary>The events of one type that were dispatched, derived types included, whatever became of them.</summary>
    public IReadOnlyList<TEvent> Of<TEvent>() => [.. Events.OfType<TEvent>()];

    /// <summary>The events of one type that stand: an event whose unit of work was rolled back, or is open still, or whose dispatch failed, is none.</summary>
    public IReadOnlyList<TEvent> Committed<TEvent>() =>
        [.. Dispatches.Where(static dispatch => dispatch.Outcome == RecordedOutcome.Committed).Select(static dispatch => dispatch.Event).OfType<TEvent>()];

    /// <summary>The only event of one type that was dispatched, whatever became of it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one; the message lists what was dispatched instead.</exception>
    public TEvent Only<TEvent>() => Only(Of<TEvent>(), "dispatched");

    /// <summary>The only event of one type that stands.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one; the message lists what was dispatched, and what became of it.</exception>
    public TEvent OnlyCommitted<TEvent>() => Only(Committed<TEvent>(), "committed");

    /// <summary>Expects that no event of one type was dispatched.</summary>
    /// <exception cref="InvalidOperationException">One was; the message lists what was dispatched.</exception>
    public void None<TEvent>() => None(Of<TEvent>(), "dispatched");

    /// <summary>Expects that no event of one type stands: none was dispatched, or it failed or was rolled back.</summary>
    /// <exception cref="InvalidOperationException">One does; the message lists what was dispatched, and what became of it.</exception>
    public void NoneCommitted<TEvent>() => None(Committed<TEvent>(), "committed");

    /// <summary>The only call of a listener, or the only attempt of a durable one.</summary>
    /// <param name="listenerId">Its id.</param>
    /// <exception cref="InvalidOperationException">There is none, or more than one; the message lists the calls that there were.</exception>
    public RecordedCall OnlyCall(string listenerId)
    {
        var calls = Calls;
        return calls.Where(call => call.ListenerId == listenerId).ToArray() is [var only]
            ? only
            : throw new InvalidOperationException(
                $"Expected one call of the listener '{listenerId}', but it was called {calls.Count(call => call.ListenerId == listenerId)} times. Called: {Lines(calls)}");
    }

    /// <summary>Every dispatch on a line of its own, for messages of your own.</summary>
    public override string ToString() => Lines(Dispatches);

    private TEvent Only<TEvent>(IReadOnlyList<TEvent> found, string what) => found.Count == 1
        ? found[0]
        : throw new InvalidOperationException($"Expected one event of the type {typeof(TEvent)}, but {found.Count} were {what}. Seen: {this}");

    private void None<TEvent>(IReadOnlyList<TEvent> found, string what)
    {
        if (found.Count > 0)
        {
            throw new InvalidOperationException($"Expected no event of the type {typeof(TEvent)}, but {found.Count} were {what}. Seen: {this}");
        }
    }

    private static string Lines(IReadOnlyCollection<object> seen) =>
        seen.Count == 0 ? "nothing." : string.Concat(seen.Select(static each => $"{Environment.NewLine}  {each}"));
}
