namespace Carillon.Killing.App;

/// <summary>An order, the one with this number of its key.</summary>
[Event("order.placed")]
internal sealed record OrderPlaced(string Id, string Key, long Number) : IKeyedEvent
{
    string? IKeyedEvent.Key => Key;
}
