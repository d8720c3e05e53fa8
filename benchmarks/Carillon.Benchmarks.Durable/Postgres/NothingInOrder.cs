namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>A durable listener that takes the events of one key one after the other.</summary>
public sealed class NothingInOrder
{
    [OnEvent(Delivery.Durable, Ordered = true)]
    public void On(MeasuredInOrder @event) => Arrivals.Add(@event.Number);
}
