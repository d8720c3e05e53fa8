namespace Carillon.Transactions.Internal;

/// <summary>A savepoint: how much had been dispatched, and which listeners called, when it was set.</summary>
internal sealed record WorkMark(string? Name, int Deliveries, int Receipts, int Calls, int NextBefore);
