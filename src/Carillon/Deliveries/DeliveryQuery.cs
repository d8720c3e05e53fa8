namespace Carillon.Deliveries;

/// <summary>Which deliveries to read, a page at a time.</summary>
public sealed class DeliveryQuery : DeliveryFilter
{
    internal const int DefaultPageSize = 50;
    internal const int MaxPageSize = 1000;

    /// <summary>Whether those written first come first. Defaults to false: newest first.</summary>
    public bool OldestFirst { get; set; }

    /// <summary>The id of the last delivery of the page before: the next page begins behind it. Null, the default, for the first page.</summary>
    public long? AfterId { get; set; }

    /// <summary>How many at the most, from 1 to 1,000. Defaults to 50.</summary>
    public int PageSize { get; set; } = DefaultPageSize;
}
