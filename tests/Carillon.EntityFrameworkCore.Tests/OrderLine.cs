namespace Carillon.EntityFrameworkCore.Tests;

public sealed class OrderLine
{
    public Guid Id { get; init; }

    public long OrderId { get; init; }
}
