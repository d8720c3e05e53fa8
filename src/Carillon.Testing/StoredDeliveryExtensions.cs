using Carillon.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing;

/// <summary>What is stored for durable listeners. An expectation that fails lists what is there.</summary>
/// <remarks>Only what was committed is in the store. Completed deliveries are removed as they complete, unless <see cref="TestingCarillonBuilderExtensions.KeepDeliveries"/> was called.</remarks>
public static class StoredDeliveryExtensions
{
    private const int Most = 1000;

    /// <summary>Every delivery that is stored, the oldest first; the first 1,000.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<DeliverySnapshot>> ListDeliveriesAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return await services.GetRequiredService<IDeliveries>().ListAsync(new DeliveryQuery { OldestFirst = true, PageSize = Most }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The only delivery to a listener, in the given state.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="listenerId">The id of the listener.</param>
    /// <param name="state">Where the delivery stands.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is none, or more than one, or it is in another state; the message lists all deliveries, with their states and errors.</exception>
    public static async Task<DeliverySnapshot> OnlyDeliveryAsync(this IServiceProvider services, string listenerId, DeliveryState state, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(listenerId);
        var all = await services.ListDeliveriesAsync(cancellationToken).ConfigureAwait(false);
        return all.Where(delivery => delivery.ListenerId == listenerId).ToArray() is [{ } only] && only.State == state
            ? only
            : throw new InvalidOperationException($"Expected one delivery to '{listenerId}', and that it is {state}. Stored: {Lines(all)}{Hint(state)}");
    }

    /// <summary>Expects that nothing is stored for a listener, in whatever state.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="listenerId">The id of the listener; null for all listeners.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Something is; the message lists all deliveries, with their states and errors.</exception>
    public static async Task NoDeliveryAsync(this IServiceProvider services, string? listenerId = null, CancellationToken cancellationToken = default)
    {
        var all = await services.ListDeliveriesAsync(cancellationToken).ConfigureAwait(false);
        if (all.Any(delivery => listenerId is null || delivery.ListenerId == listenerId))
        {
            throw new InvalidOperationException($"Expected no delivery{(listenerId is null ? "" : $" to '{listenerId}'")}. Stored: {Lines(all)}");
        }
    }

    private static string Hint(DeliveryState state) =>
        state == DeliveryState.Completed ? $"{Environment.NewLine}Completed deliveries are removed as they complete, unless KeepDeliveries() is called in the AddCarillon of the test." : "";

    private static string Lines(IReadOnlyList<DeliverySnapshot> all) => all.Count == 0
        ? "nothing."
        : string.Concat(all.Select(static delivery =>
            $"{Environment.NewLine}  {delivery.EventName} -> {delivery.ListenerId}: {delivery.State} (attempts {delivery.Attempts}, due {delivery.DueAt:O}{(delivery.Error is { } error ? $", {error}" : "")})"));
}
