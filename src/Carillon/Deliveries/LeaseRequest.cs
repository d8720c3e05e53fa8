namespace Carillon.Deliveries;

/// <summary>A worker asks for deliveries of one queue.</summary>
/// <param name="Lease">Who asks, and how long the lease lasts.</param>
/// <param name="Now">The time (UTC): what is due by now can be leased, and a lease that has ended by now can be taken over.</param>
/// <param name="MaxCount">How many at the most.</param>
public sealed record LeaseRequest(DeliveryLease Lease, DateTimeOffset Now, int MaxCount)
{
    /// <summary>The queue. Defaults to <see cref="Queues.Default"/>.</summary>
    public string Queue { get; init; } = Queues.Default;

    /// <summary>How many deliveries of the queue may be leased at once, over all processes; 0, the default, for any number.</summary>
    public int Limit { get; init; }

    /// <summary>
    /// Listeners whose deliveries are left to others, by their ids: this process has met them and does not have them. Defaults to none. What is left stays as it is, and in nobody's way.
    /// </summary>
    public IReadOnlyCollection<string> Without { get; init; } = [];
}
