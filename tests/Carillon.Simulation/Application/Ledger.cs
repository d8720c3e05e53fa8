namespace Carillon.Simulation.Application;

/// <summary>What the simulation knows and no process does: what was tried, and how it ended.</summary>
internal sealed class Ledger
{
    private readonly HashSet<int> _open = [];
    private bool _isClosed;

    /// <summary>How many orders were begun.</summary>
    internal int Begun { get; private set; }

    /// <summary>Orders that were taken in a unit of work: without its commit nobody may ever hear of them.</summary>
    internal HashSet<int> InUnitsOfWork { get; } = [];

    /// <summary>Orders whose dispatch has returned: they are promised.</summary>
    internal HashSet<int> Promised { get; } = [];

    internal bool IsAtRest => _open.Count == 0;

    /// <summary>The number of the next order; null if no more are wanted.</summary>
    internal int? Begin()
    {
        if (_isClosed)
        {
            return null;
        }

        _open.Add(++Begun);
        return Begun;
    }

    /// <summary>Whoever made it is done with it.</summary>
    internal void End(int order) => _open.Remove(order);

    internal void Close() => _isClosed = true;

    /// <summary>Its process has died over it.</summary>
    internal void Abandon(IEnumerable<int> orders) => _open.ExceptWith(orders);
}
