using System.Text.Json.Serialization;

namespace Carillon.Aot.App;

[Event("order.placed")]
internal sealed record OrderPlaced(int Number);

[Event("order.shipped")]
internal sealed record OrderShipped(int Number, DateTimeOffset OccurredAt) : IDomainEvent;

[Event("order.held")]
internal sealed record OrderHeld(int Number);

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderHeld))]
internal sealed partial class EventsJson : JsonSerializerContext;

internal sealed class Order(int number) : AggregateRoot
{
    internal void Ship(TimeProvider clock) => Raise(clock, now => new OrderShipped(number, now));
}
