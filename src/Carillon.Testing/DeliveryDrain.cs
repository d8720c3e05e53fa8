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
    /// <exception cref="InvalidOperationException">
    /// The limit was reached; most likely a listener dispatches an event that leads back to itself. Or the worker of the application runs, which would take deliveries from the drain.
    /// </exception>
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
                $"After {limit} attempts deliveries are still due{await NextAsync(services, cancellationToken).ConfigureAwait(false)}. "
                + "A listener may dispatch an event that leads back to itself; otherwise raise the limit.");
    }

    /// <summary>
    /// Runs what falls due until a time, each at its own: moves the simulated clock from one due time to the next, drains, and leaves it at the given time. What is due
    /// later stays.
    /// </summary>
    /// <param name="services">The services of the application, with <see cref="TestingCarillonBuilderExtensions.UseSimulatedTime"/>.</param>
    /// <param name="until">Up to which time, included.</param>
    /// <param name="limit">How many attempts at the most.</param>
    /// <param name="cancellationToken">Ends the drain.</param>
    /// <returns>How many attempts were made.</returns>
    /// <exception cref="InvalidOperationException">The clock is not a simulated one, the limit was reached, or the worker of the application runs.</exception>
    public static async Task<int> DrainDeliveriesAsync(
        this IServiceProvider services, DateTimeOffset until, int limit = DefaultLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var time = services.GetRequiredService<TimeProvider>() as SimulatedTime
            ?? throw new InvalidOperationException("The deliveries of a time to come can be drained under a simulated clock only: call UseSimulatedTime(time).");
        var store = services.GetRequiredService<IDeliveryStore>();
        var attempts = await services.DrainDeliveriesAsync(limit, cancellationToken).ConfigureAwait(false);
        while (await store.GetNextDueAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is { } due && due <= until)
        {
            if (attempts >= limit)
            {
                throw new InvalidOperationException(
                    $"After {limit} attempts deliveries are still due before {until:O}. A listener may snooze without end; otherwise raise the limit.");
            }

            time.Advance(due - time.GetUtcNow());
            attempts += await services.DrainDeliveriesAsync(Math.Max(limit - attempts, 1), cancellationToken).ConfigureAwait(false);
        }

        var left = until - time.GetUtcNow();
        time.Advance(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return attempts;
    }

    // In a circle any of them leads to the others.
    private static async Task<string> NextAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var query = new DeliveryQuery { State = DeliveryState.Ready, OldestFirst = true, PageSize = 1 };
        var next = await services.GetRequiredService<IDeliveries>().ListAsync(query, cancellationToken).ConfigureAwait(false);
        return next is [var delivery, ..] ? $", such as the one of '{delivery.EventName}' to '{delivery.ListenerId}'" : "";
    }
}
