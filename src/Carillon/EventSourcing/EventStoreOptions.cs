namespace Carillon.EventSourcing;

/// <summary>How events are stored and followed.</summary>
public sealed class EventStoreOptions
{
    internal const int DefaultPageSize = 500;
    internal static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan DefaultLeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>Says who causes what is appended in a scope, by its services: the user of a request. Asked once for each append. Defaults to null: nobody is named.</summary>
    public Func<IServiceProvider, string?>? Who { get; set; }

    /// <summary>How many events are read at a time. Defaults to 500.</summary>
    public int PageSize { get; set; } = DefaultPageSize;

    /// <summary>
    /// How long subscriptions and projections that have read everything wait before they look again. What this process appends wakes them at once. Defaults to 1 second.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// How long a process has a projection to itself without a sign of life: after a crash another one goes on so much later. A process that lives renews it, however long a batch
    /// takes. Defaults to 30 seconds.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = DefaultLeaseDuration;
}
