using Carillon.Testing.Internal;

namespace Carillon.Testing;

/// <summary>Runs an application until it has nothing to do.</summary>
public static class IdleExtensions
{
    /// <summary>
    /// Runs what is due, as <see cref="DeliveryDrain"/> does, and waits for background listeners and for what an in-memory transport hands over, until there is none of it. What is due later stays.
    /// </summary>
    /// <param name="services">The services of the application. Its worker does not run: <see cref="TestingCarillonBuilderExtensions.RunDeliveriesByHand"/>. Its host runs, if it receives or has background listeners.</param>
    /// <param name="limit">How many attempts at the most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many attempts of durable listeners were made.</returns>
    /// <exception cref="InvalidOperationException">The limit was reached; most likely a listener dispatches an event that leads back to itself.</exception>
    public static Task<int> RunToIdleAsync(this IServiceProvider services, int limit = DeliveryDrain.DefaultLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Idle.RunAsync([services], limit, cancellationToken);
    }
}
