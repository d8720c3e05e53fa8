using System.Diagnostics.CodeAnalysis;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>Stops the host before anything runs if the application does not fit together, and makes the store ready.</summary>
internal sealed class StartupCheck(
    ConfigurationRules rules, CarillonSetup setup, StoreSlot store, IServiceProvider services, Loggers loggers) : IHostedLifecycleService
{
    private readonly ILogger _logger = loggers.Startup;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        CheckOptions<WorkerOptions>();
        CheckOptions<RetryOptions>();
        CheckOptions<EnvelopeOptions>();
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

    // Options that nobody has set and nobody reads are not even made.
    private void CheckOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>()
        where TOptions : class
    {
        if (rules.ConcernsDeliveries || IsConfigured<TOptions>())
        {
            // Reading the value runs its rules, which throw with every fault named.
            _ = services.GetRequiredService<IOptions<TOptions>>().Value;
        }
    }

    private bool IsConfigured<TOptions>()
        where TOptions : class =>
        setup.Services.Any(service => service.ServiceType == typeof(IConfigureOptions<TOptions>) || service.ServiceType == typeof(IPostConfigureOptions<TOptions>));
}
