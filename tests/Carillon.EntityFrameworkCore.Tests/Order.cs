namespace Carillon.EntityFrameworkCore.Tests;

public class Order : AggregateRoot
{
    public long Id { get; init; }

    public string Sku { get; set; } = "lamp";

    public int Version { get; set; }

    public List<OrderLine> Lines { get; init; } = [];

    public void Place() => Raise(new OrderWasPlaced(Sku, DateTimeOffset.UnixEpoch.AddDays(1)));

    public void Pay() => Raise(new OrderWasPaid(Sku, DateTimeOffset.UnixEpoch.AddDays(1)));
}
