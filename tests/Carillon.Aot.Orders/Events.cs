namespace Carillon.Aot.Orders;

[Event("order.placed")]
public sealed record OrderPlaced(int Number);

[Event("order.shipped")]
public sealed record OrderShipped(int Number, DateTimeOffset OccurredAt) : IDomainEvent;

[Event("order.held")]
public sealed record OrderHeld(int Number, EntityRef<Order> Order, EntityRef<Customer> Customer);

public sealed class Customer;

public sealed class Order(int number) : AggregateRoot
{
    public void Ship(TimeProvider clock) => Raise(clock, now => new OrderShipped(number, now));
}
