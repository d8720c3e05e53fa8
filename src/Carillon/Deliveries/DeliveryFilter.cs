namespace Carillon.Deliveries;

/// <summary>Which deliveries are meant: those to which all that is said applies. With nothing said, all.</summary>
public class DeliveryFilter
{
    /// <summary>Only those in this state; null, the default, for any.</summary>
    public DeliveryState? State { get; set; }

    /// <summary>Only those of this queue; null, the default, for any.</summary>
    public string? Queue { get; set; }

    /// <summary>Only those of this listener; null, the default, for any.</summary>
    public string? ListenerId { get; set; }

    /// <summary>Only those of the event with this name; null, the default, for any.</summary>
    public string? EventName { get; set; }

    /// <summary>Only those of the event with this id; null, the default, for any.</summary>
    public Guid? EventId { get; set; }

    /// <summary>Only those with this key; null, the default, for any.</summary>
    public string? Key { get; set; }

    /// <summary>Only those that are unique by this key; null, the default, for any.</summary>
    public string? UniqueKey { get; set; }

    /// <summary>Only those whose last error or whose payload has this text in it, the case of ASCII letters apart; null, the default, for any.</summary>
    public string? Text { get; set; }

    /// <summary>Only those whose event was dispatched at this time or later (UTC); null, the default, for any.</summary>
    public DateTimeOffset? CreatedFrom { get; set; }

    /// <summary>Only those whose event was dispatched before this time (UTC); null, the default, for any.</summary>
    public DateTimeOffset? CreatedBefore { get; set; }
}
