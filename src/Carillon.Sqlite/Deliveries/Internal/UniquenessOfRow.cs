namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>By what a delivery is unique, and for how long.</summary>
internal sealed record UniquenessOfRow(string Key, bool UntilStarted, DateTimeOffset? EndsAt);
