namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A place in the order of what waits: behind the delivery with this due time and this id.</summary>
internal readonly record struct ClaimMark(long DueAt, long Id)
{
    internal static ClaimMark None { get; } = new(long.MinValue, 0);
}
