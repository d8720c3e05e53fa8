using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>What was taken from the aggregates of a context and dispatched, and is given back should it not be committed.</summary>
internal sealed class DomainEventsOfSaves
{
    // As for chains: listeners that still raise events after so many rounds will not stop.
    private const int MaxRounds = 64;

    private readonly List<(DomainEvents Of, IReadOnlyList<IDomainEvent> Events)> _taken = [];

    internal int Count => _taken.Count;

    /// <summary>Until no tracked aggregate has any left, those included that come into the context meanwhile.</summary>
    /// <returns>Whether there were any.</returns>
    internal async ValueTask<bool> DispatchAsync(DbContext context, IEventDispatcher events, CancellationToken cancellationToken)
    {
        var before = _taken.Count;
        for (var round = 0; TakeRound(context) is { Count: > 0 } raised; round++)
        {
            if (round == MaxRounds)
            {
                throw new CarillonException(
                    $"After {MaxRounds} rounds listeners of domain events still raise events on the aggregates that {context.GetType()} saves, the last one '{raised[^1].GetType()}'. "
                    + "Break the circle: one of these listeners must not change its aggregate.");
            }

            foreach (var @event in raised)
            {
                await events.DispatchObjectAsync(@event, cancellationToken).ConfigureAwait(false);
            }
        }

        return _taken.Count > before;
    }

    /// <summary>An aggregate that has raised something.</summary>
    internal static IHasDomainEvents? FindRaised(DbContext context) =>
        context.ChangeTracker.Entries<IHasDomainEvents>().FirstOrDefault(static entry => entry.Entity.DomainEvents.Raised.Count > 0)?.Entity;

    internal void PutBackFrom(int count)
    {
        for (var index = _taken.Count - 1; index >= count; index--)
        {
            _taken[index].Of.PutBack(_taken[index].Events);
        }

        _taken.RemoveRange(count, _taken.Count - count);
    }

    internal void Clear() => _taken.Clear();

    /// <summary>Moves what was taken, for whoever hears of the end in another way.</summary>
    internal DomainEventsOfSaves Detach()
    {
        var detached = new DomainEventsOfSaves();
        detached._taken.AddRange(_taken);
        _taken.Clear();
        return detached;
    }

    private List<IDomainEvent> TakeRound(DbContext context)
    {
        var round = new List<IDomainEvent>();
        foreach (var entry in context.ChangeTracker.Entries<IHasDomainEvents>())
        {
            var of = entry.Entity.DomainEvents;
            if (of.Raised.Count > 0)
            {
                var events = of.Take();
                _taken.Add((of, events));
                round.AddRange(events);
            }
        }

        return round;
    }
}
