using Microsoft.Extensions.Hosting;

namespace Carillon.Hosting.Internal;

/// <summary>Stands in for the worker of an application without a delivery store.</summary>
internal sealed class NoWorker : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
