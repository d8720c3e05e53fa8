namespace Carillon.EntityFrameworkCore.Tests;

[Event("order.placed")]
public sealed record OrderPlaced(string Sku);

[Event("order.was-placed")]
public sealed record OrderWasPlaced(string Sku, DateTimeOffset OccurredAt) : IDomainEvent;

[Event("order.was-paid")]
public sealed record OrderWasPaid(string Sku, DateTimeOffset OccurredAt) : IDomainEvent;

[Event("note.taken")]
public sealed record NoteTaken(string Text);
