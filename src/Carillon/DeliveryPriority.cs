namespace Carillon;

/// <summary>Which of the deliveries that are due a worker takes first.</summary>
public enum DeliveryPriority
{
    /// <summary>After all others.</summary>
    Low = -1,

    /// <summary>The default.</summary>
    Normal = 0,

    /// <summary>Before all others.</summary>
    High = 1,
}
