namespace Carillon.Deliveries;

/// <summary>What a worker learns when it extends its leases.</summary>
/// <param name="Lost">Those that are not the worker's any more: settled, or leased by another one since.</param>
/// <param name="Cancelled">Those that are still the worker's, and that somebody has cancelled: their attempts are to end.</param>
public sealed record ExtendedLeases(IReadOnlyList<LeasedDelivery> Lost, IReadOnlyList<LeasedDelivery> Cancelled)
{
    /// <summary>All were extended.</summary>
    public static ExtendedLeases All { get; } = new([], []);
}
