namespace Carillon.Benchmarks.Patterns.EventSourcing;

[Event("items.moved")]
public sealed record ItemsMoved(int Basket, int Items, string Reason)
{
    /// <summary>So that an event has a quarter of a kibibyte.</summary>
    public static readonly string Why = new('x', 200);
}
