namespace Carillon.Benchmarks.Durable;

/// <summary>The one durable listener: it does nothing but be counted.</summary>
public sealed class NothingToDo
{
    internal const string Id = "nothing";

    [OnEvent(Delivery.Durable, Id = Id)]
    public void On(Measured @event) => Arrivals.Add(@event.Number);
}
