using Carillon.Background;
using Carillon.Deliveries;
using Carillon.Hosting;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Testing.Internal;

/// <summary>What runs later in an application: by hand, in the background, and what is being received.</summary>
internal static class Idle
{
    /// <summary>Whether durable listeners run when the test says so.</summary>
    internal static bool IsByHand(IServiceProvider services) =>
        services.GetService<IDeliveryStore>() is not null && !services.GetRequiredService<IOptions<WorkerOptions>>().Value.Enabled;

    /// <summary>Until nothing is due, nothing runs in the background and nothing is being received, in any of the applications.</summary>
    internal static async Task<int> RunAsync(IReadOnlyList<IServiceProvider> applications, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        for (var attempts = 0; ;)
        {
            // What is received may run in the background, and both may store deliveries: in this order the last of the three has nothing behind it.
            foreach (var services in applications)
            {
                await WaitForOthersAsync(services, cancellationToken).ConfigureAwait(false);
            }

            var made = 0;
            foreach (var services in applications.Where(IsByHand))
            {
                made += await services.DrainDeliveriesAsync(Math.Max(limit - attempts - made, 1), cancellationToken).ConfigureAwait(false);
            }

            if (made == 0)
            {
                return attempts;
            }

            attempts += made;
            if (attempts > limit)
            {
                throw new InvalidOperationException(
                    $"After {limit} attempts there is still something to do. A listener may dispatch an event that leads back to itself, here or in another application; otherwise raise the limit.");
            }
        }
    }

    private static async Task WaitForOthersAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<ITransport>() is InMemoryTransport broker)
        {
            await broker.WhenIdleAsync(cancellationToken).ConfigureAwait(false);
        }

        if (services.GetService<IBackgroundListeners>() is { } background)
        {
            await background.WhenIdleAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
