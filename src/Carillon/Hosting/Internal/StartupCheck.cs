using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>Stops the host before anything runs if the application does not fit together, and makes the store ready.</summary>
internal sealed class StartupCheck(CarillonSetup setup, ConfigurationRules rules, StoreSlot store, IServiceProvider services, Loggers loggers)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (setup.HasOptions || store.Optional is not null)
        {
            CheckOptions();
        }

        var problems = rules.FindProblems();
        if (problems.Count > 0)
        {
            throw new CarillonConfigurationException(problems);
        }

        foreach (var duplicate in rules.FindDuplicates())
        {
            Log.DuplicateListener(loggers.Startup, duplicate);
        }

        if (store.Optional is { } present)
        {
            await present.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Reading the values runs their rules, which throw with every fault named.
    private void CheckOptions() =>
        _ = (services.GetRequiredService<IOptions<WorkerOptions>>().Value,
            services.GetRequiredService<IOptions<RetryOptions>>().Value,
            services.GetRequiredService<IOptions<EnvelopeOptions>>().Value);
}
