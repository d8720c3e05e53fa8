using Carillon.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing;

/// <summary>Runs durable listeners on the thread of the test.</summary>
public static class DeliveryDrain
{
    /// <summary>How many attempts a drain makes at the most, if nothing else is said: 1,000.</summary>
    public const int DefaultLimit = 1000;

    /// <summary>
    /// Runs what is due, and what that dispatches in turn, until nothing is due any more. What is due later stays: move the clock and drain again.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="limit">How many attempts at the most.</param>
    /// <param name="cancellationToken">Ends the drain.</param>
    /// <returns>How many attempts were made.</returns>
    /// <exception cref="InvalidOperationException">The limit was reached; most likely a listener dispatches an event that leads back to itself.</exception>
    public static async Task<int> DrainDeliveriesAsync(
        this IServiceProvider services, int limit = DefaultLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var runner = services.GetRequiredService<IDeliveryRunner>();
        var attempts = 0;
        while (attempts < limit)
        {
            var made = await runner.RunDueAsync(limit - attempts, cancellationToken).ConfigureAwait(false);
            if (made == 0)
            {
                return attempts;
            }

            attempts += made;
        }

        return await runner.RunDueAsync(1, cancellationToken).ConfigureAwait(false) == 0
            ? attempts
            : throw new InvalidOperationException(
                $"After {limit} attempts deliveries are still due. A listener may dispatch an event that leads back to itself; otherwise raise the limit.");
    }
}
