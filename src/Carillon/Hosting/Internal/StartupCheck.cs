using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Retries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>Stops the host before anything runs if the application does not fit together, and makes the store ready.</summary>
internal sealed class StartupCheck(
    ConfigurationRules rules,
    StoreSlot store,
    IOptions<WorkerOptions> worker,
    IOptions<RetryOptions> retries,
    IOptions<EnvelopeOptions> envelopes,
    Loggers loggers) : IHostedLifecycleService
{
    private readonly ILogger _logger = loggers.Startup;
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Reading the values runs their rules, which throw with every fault named.
        _ = (worker.Value, retries.Value, envelopes.Value);
        var problems = rules.FindProblems();
        if (problems.Count > 0)
        {
            throw new CarillonConfigurationException(problems);
        }

        foreach (var duplicate in rules.FindDuplicates())
        {
            Log.DuplicateListener(_logger, duplicate);
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
}
