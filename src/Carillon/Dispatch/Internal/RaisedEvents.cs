namespace Carillon.Dispatch.Internal;

/// <summary>Takes domain events from aggregates and dispatches them, and can give all of them back.</summary>
internal sealed class RaisedEvents(IReadOnlyList<IHasDomainEvents> aggregates)
{
    // As many as links in a chain: listeners that still raise events after so many rounds will not stop.
    private const int MaxRounds = 64;

    private readonly List<(DomainEvents Of, IReadOnlyList<IDomainEvent> Events)> _taken = [];
    private readonly List<IDomainEvent> _dispatched = [];
    private int _rounds;

    internal IReadOnlyList<IDomainEvent> Dispatched => _dispatched;

    /// <summary>Until no aggregate has any left.</summary>
    /// <returns>Whether there were any.</returns>
    internal async ValueTask<bool> DispatchAsync(IEventBus bus, CancellationToken cancellationToken)
    {
        var before = _dispatched.Count;
        while (TakeRound() is { Count: > 0 } round)
        {
            foreach (var raised in round)
            {
                _dispatched.Add(raised);
                await bus.DispatchObjectAsync(raised, cancellationToken).ConfigureAwait(false);
            }
        }

        return _dispatched.Count > before;
    }

    internal void PutBack()
    {
        for (var index = _taken.Count - 1; index >= 0; index--)
        {
            _taken[index].Of.PutBack(_taken[index].Events);
        }

        _taken.Clear();
    }

    private List<IDomainEvent> TakeRound()
    {
        var round = new List<IDomainEvent>();
        foreach (var aggregate in aggregates)
        {
            if (aggregate.DomainEvents.Take() is { Count: > 0 } events)
            {
                _taken.Add((aggregate.DomainEvents, events));
                round.AddRange(events);
            }
        }

        return round.Count == 0 || _rounds++ < MaxRounds
            ? round
            : throw new CarillonException(
                $"After {MaxRounds} rounds listeners of domain events still raise events on the aggregates that are being saved, the last one '{round[^1].GetType()}'. "
                + "Break the circle: one of these listeners must not change its aggregate.");
    }
}
