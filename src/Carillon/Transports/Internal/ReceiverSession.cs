namespace Carillon.Transports.Internal;

/// <summary>
/// What a receiver is to the server, for as long as the server has heard of it in time: an id under which it has events in hand. Afterwards it has another one, so that
/// what is said late of an event is never taken for what is said of it the next time.
/// </summary>
/// <threadsafety>Its receiver holds its lock.</threadsafety>
#pragma warning disable CA1001 // Listeners may look at its token for as long as they run; without a timer there is nothing to dispose of.
internal sealed class ReceiverSession(Guid id)
#pragma warning restore CA1001
{
    private readonly Dictionary<HeldEvent, bool> _inHand = [];
    private readonly CancellationTokenSource _lost = new();

    internal Guid Id => id;

    /// <summary>Cancelled when what it has in hand is not its own any more.</summary>
    internal CancellationToken Lost => _lost.Token;

    internal bool IsJoined { get; set; }

    /// <summary>When the server has heard of it last: a timestamp.</summary>
    internal long HeardAt { get; set; }

    /// <summary>An answer of the server may be lost, and with it events that it has given.</summary>
    internal bool IsUnsure { get; set; }

    internal int Count => _inHand.Count;

    internal IReadOnlyCollection<HeldEvent> Events => [.. _inHand.Keys];

    internal void Add(HeldEvent @event) => _inHand.Add(@event, false);

    /// <summary>What becomes of an event is said once.</summary>
    internal bool TryBeginSettling(HeldEvent @event)
    {
        if (!_inHand.TryGetValue(@event, out var begun) || begun)
        {
            return false;
        }

        return _inHand[@event] = true;
    }

    internal IReadOnlyList<HeldEvent> BeginSettlingAll()
    {
        var rest = _inHand.Where(static each => !each.Value).Select(static each => each.Key).ToList();
        rest.ForEach(each => TryBeginSettling(each));
        return rest;
    }

    internal void Remove(HeldEvent @event) => _inHand.Remove(@event);

    internal void Clear() => _inHand.Clear();

    /// <summary>Not under the lock: listeners run.</summary>
    internal void Cancel() => _lost.Cancel();
}
