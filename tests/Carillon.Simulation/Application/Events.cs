namespace Carillon.Simulation.Application;

/// <summary>Comes by itself, again and again.</summary>
[Event("shift.ended")]
internal sealed record ShiftEnded(DateTimeOffset At);

/// <summary>What follows of an order once its one piece of work is done.</summary>
[Event("order.confirmed")]
internal sealed record OrderConfirmed(int Number);

/// <summary>What listeners of the simulated application hear of.</summary>
[Event("order.placed")]
internal sealed record OrderPlaced(int Number, string Customer) : IKeyedEvent
{
    string? IKeyedEvent.Key => Customer;
}
