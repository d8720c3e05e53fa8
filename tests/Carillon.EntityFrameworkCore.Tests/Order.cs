namespace Carillon.EntityFrameworkCore.Tests;

public class Order : AggregateRoot
{
    public long Id { get; init; }

    public string Sku { get; set; } = "lamp";

    public int Version { get; set; }

    public List<OrderLine> Lines { get; init; } = [];

    /// <summary>How many events wait to be dispatched.</summary>
    public int Raised() => ((IHasDomainEvents)this).DomainEvents.Raised.Count;

    public void Place() => Raise(new OrderWasPlaced(Sku, DateTimeOffset.UnixEpoch.AddDays(1)));

    public void Pay() => Raise(new OrderWasPaid(Sku, DateTimeOffset.UnixEpoch.AddDays(1)));
}
