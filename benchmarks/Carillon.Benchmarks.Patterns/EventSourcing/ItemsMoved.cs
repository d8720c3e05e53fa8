namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>About a hundred bytes, as most events of a domain have.</summary>
[Event("items.moved")]
public sealed record ItemsMoved(int Basket, int Items, string Reason)
{
    public const string Why = "from the shelf at the window to the one behind the counter";
}
