using Carillon.Deliveries.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Hosting.Internal;

/// <summary>Starts the worker with the host and stops it with it. An application without a store has none, and pays nothing for it.</summary>
internal sealed class WorkerService(StoreSlot store, IServiceProvider services) : IHostedService
{
    private DeliveryWorker? _worker;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.Optional is not null)
        {
            _worker = services.GetRequiredService<DeliveryWorker>();
            _worker.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _worker?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
