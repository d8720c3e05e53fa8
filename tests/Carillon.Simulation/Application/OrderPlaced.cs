namespace Carillon.Simulation.Application;

/// <summary>What listeners of the simulated application hear of.</summary>
[Event("order.placed")]
internal sealed record OrderPlaced(int Number, string Customer) : IKeyedEvent
{
    string? IKeyedEvent.Key => Customer;
}
