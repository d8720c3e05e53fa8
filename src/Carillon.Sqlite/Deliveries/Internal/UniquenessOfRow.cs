namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>By what a delivery is unique.</summary>
/// <param name="Key">The key.</param>
/// <param name="EndsAt">Until when, whatever becomes of it; null if it is its progress that decides.</param>
internal sealed record UniquenessOfRow(string Key, DateTimeOffset? EndsAt);
