namespace Carillon.Postgres.Tests.Transactions;

[Event("order.placed")]
public sealed record OrderPlaced(int Number);
