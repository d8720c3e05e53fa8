using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Transports;
using Carillon.Transports.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

internal sealed class CarillonHealth(CarillonSetup setup, IServiceProvider services) : ICarillonHealth
{
    public IReadOnlyList<string> FindDead() => setup.HostedService?.FindDead() ?? [];

    public async ValueTask<IReadOnlyList<string>> FindObstaclesAsync(CancellationToken cancellationToken = default)
    {
        // What is not prepared yet, or being taken apart, is not asked.
        if (setup.HostedService is not { HasStarted: true } hosted)
        {
            return ["The host has not started yet."];
        }

        if (hosted.IsStopping)
        {
            return ["The host is stopping."];
        }

        List<string> obstacles = [.. hosted.FindDead()];
        if (setup.HasEngine && services.GetRequiredService<StoreSlot>().Optional is { } store)
        {
            await AskAsync(obstacles, store.Description, Ask, store, cancellationToken).ConfigureAwait(false);
        }

        if (setup.Transports is not null && services.GetRequiredService<TransportSlot>().Optional is { } transport)
        {
            await AskAsync(obstacles, transport.Description, static (asked, stop) => asked.CheckAsync(stop), transport, cancellationToken).ConfigureAwait(false);
        }

        return obstacles;
    }

    // The question that every worker asks at every poll, and so the cheapest that a store has.
    private static async ValueTask Ask(IDeliveryStore store, CancellationToken cancellationToken) => await store.ListPausedAsync(cancellationToken).ConfigureAwait(false);

    private static async ValueTask AskAsync<T>(
        List<string> obstacles, string description, Func<T, CancellationToken, ValueTask> ask, T asked, CancellationToken cancellationToken)
    {
        try
        {
            await ask(asked, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it throws is the answer.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            obstacles.Add($"No answer from {description}: {exception.Message}");
        }
    }
}
