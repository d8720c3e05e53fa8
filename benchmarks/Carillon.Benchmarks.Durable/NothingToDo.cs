namespace Carillon.Benchmarks.Durable;

/// <summary>The one durable listener: it does nothing but be counted.</summary>
public sealed class NothingToDo
{
    [OnEvent(Delivery.Durable)]
    public void On(Measured @event) => Arrivals.Add(@event.Number);
}
