namespace Carillon.Deliveries;

/// <summary>Which deliveries to read, newest first.</summary>
public sealed class DeliveryQuery
{
    internal const int DefaultPageSize = 50;
    internal const int MaxPageSize = 1000;

    /// <summary>Only those in this state; null, the default, for any.</summary>
    public DeliveryState? State { get; set; }

    /// <summary>Only those of this listener; null, the default, for any.</summary>
    public string? ListenerId { get; set; }

    /// <summary>Only those of the event with this name; null, the default, for any.</summary>
    public string? EventName { get; set; }

    /// <summary>Only those with an id below this one, to read on after the last of a page; null, the default, to start with the newest.</summary>
    public long? BeforeId { get; set; }

    /// <summary>How many at the most, from 1 to 1,000. Defaults to 50.</summary>
    public int PageSize { get; set; } = DefaultPageSize;
}
