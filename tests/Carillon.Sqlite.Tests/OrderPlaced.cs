namespace Carillon.Sqlite.Tests;

[Event("order.placed")]
internal sealed record OrderPlaced(int Number)
{
    public string? Note { get; init; }
}
