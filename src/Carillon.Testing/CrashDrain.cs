using Carillon.Deliveries;
using Carillon.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Testing;

/// <summary>Runs durable listeners although the host crashes.</summary>
public static class CrashDrain
{
    /// <summary>
    /// Drains as processes would that follow one another: whenever one has crashed, the next begins, the clock moves on until the lease of the first has ended, and what it left is run again.
    /// </summary>
    /// <param name="services">The services of the application, with <see cref="TestingCarillonBuilderExtensions.UseCrashPoints"/>, <see cref="TestingCarillonBuilderExtensions.RunDeliveriesByHand"/> and a simulated clock.</param>
    /// <param name="limit">How many attempts one process makes at the most.</param>
    /// <param name="cancellationToken">Ends the drain.</param>
    /// <returns>How often the host has crashed, before or in the drain.</returns>
    /// <exception cref="InvalidOperationException">There are no crash points, the worker runs, the clock is not a simulated one, the limit was reached, or a crash that was named did not come.</exception>
    public static async Task<int> DrainThroughCrashesAsync(this IServiceProvider services, int limit = DeliveryDrain.DefaultLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var crashes = services.GetService<CrashPoints>()
            ?? throw new InvalidOperationException("There are no crash points: call UseCrashPoints() in the AddCarillon of the test, after the store is chosen.");
        var count = 0;
        while (true)
        {
            if (crashes.CrashedAt is not null)
            {
                count++;
                crashes.Restart();
                await WaitForLeasesAsync(services, limit, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await TryAsync(() => services.DrainDeliveriesAsync(limit, cancellationToken)).ConfigureAwait(false);
                if (crashes.CrashedAt is null)
                {
                    crashes.NeedNoneLeft();
                    return count;
                }
            }
        }
    }

    // The longest lease of any queue: who waits for it has waited for all.
    private static Task WaitForLeasesAsync(IServiceProvider services, int limit, CancellationToken cancellationToken)
    {
        var lease = services.GetRequiredService<IOptions<WorkerOptions>>().Value.LeaseDuration;
        return TryAsync(() => services.DrainDeliveriesAsync(services.GetRequiredService<TimeProvider>().GetUtcNow() + lease, limit, cancellationToken));
    }

    private static async Task TryAsync(Func<Task> drain)
    {
        try
        {
            await drain().ConfigureAwait(false);
        }
        catch (HostCrashedException)
        {
            // Seen by whoever asks CrashedAt.
        }
    }
}
