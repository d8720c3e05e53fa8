using Carillon.Background.Internal;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.EventSourcing.Internal;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Carillon.Scheduling.Internal;
using Carillon.Transports.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>
/// Stops the host before anything runs if the application does not fit together, makes the store ready, and runs the worker as long as the host
/// runs. An application without a store has no worker, and pays nothing for it.
/// </summary>
internal sealed class CarillonHostedService(CarillonSetup setup, IServiceProvider services) : IHostedLifecycleService
{
    private DeliveryWorker? _worker;
    private BackgroundListeners? _background;
    private ScheduleKeeper? _schedules;
    private TransportWork? _transports;
    private ProjectionWork? _projections;

    // A host can be told to stop twice.
    private bool _isStopping;

    /// <summary>Whether everything that runs as long as the host does was started.</summary>
    internal bool HasStarted { get; private set; }

    internal bool IsStopping => Volatile.Read(ref _isStopping);

    // Only where there is a durable engine, which comes with a store; a durable listener without one is told so by the rules.
    private IDeliveryStore? Store => services.GetRequiredService<StoreSlot>().Optional;

    // What a plain application does not need stands in methods of its own here: at start, each is compiled when it is called.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!setup.IsPlain)
        {
            return PrepareAsync(cancellationToken);
        }

        Refuse(new ConfigurationRules(setup, services).FindProblems());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => setup.HasEngine ? StartEngineAsync(cancellationToken) : Task.CompletedTask;

    private Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (setup.HasEngine)
        {
            CheckOptions();
        }

        if (setup.HasBackground)
        {
            _background = BackgroundEngine.Get(services);
        }

        var rules = new ConfigurationRules(setup, services);
        Refuse(rules.FindProblems());
        if (setup.ListenersToCheck.Count > 0)
        {
            ReportDuplicates(rules);
        }

        return setup.Transports is not null ? PrepareBothAsync(cancellationToken)
            : setup.HasEngine && Store is { } store ? store.PrepareAsync(cancellationToken).AsTask()
            : Task.CompletedTask;
    }

    private static void Refuse(List<string> problems)
    {
        if (problems.Count > 0)
        {
            Throw(problems);
        }
    }

    private static void Throw(List<string> problems) => throw new CarillonConfigurationException(problems);

    private Task StartEngineAsync(CancellationToken cancellationToken)
    {
        if (Store is not null)
        {
            _worker = services.GetRequiredService<DeliveryWorker>();
            if (setup.Schedules is not null)
            {
                return StartBothAsync(_worker, cancellationToken);
            }

            _worker.Start();
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // What was dispatched while the host started has been held.
        _background?.Queue.Open();
        HasStarted = _transports is null;
        if (setup.Projections is not null)
        {
            StartProjections(setup.Projections);
        }

        return _transports is null ? LifecycleEvents.DispatchBootedAsync(services, cancellationToken) : ReceiveAsync(_transports, cancellationToken);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _isStopping, true) ? Task.CompletedTask : LifecycleEvents.DispatchStoppingAsync(services, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) =>
        _background is null && _schedules is null && _transports is null && _projections is null ? StopWorkerAsync(cancellationToken) : StopAllAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What has ended though the host has not stopped.</summary>
    internal IReadOnlyList<string> FindDead() => HasStarted && !IsStopping && _worker is { } worker ? worker.FindDead() : [];

    private void StartProjections(ProjectionsSetup projections)
    {
        if (projections.All.Count > 0)
        {
            _projections = services.GetRequiredService<ProjectionWork>();
            _projections.Start();
        }
    }

    private async Task PrepareBothAsync(CancellationToken cancellationToken)
    {
        if (Store is { } store)
        {
            await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        _transports = services.GetRequiredService<TransportWork>();
        await _transports.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }

    // Nothing arrives before the application is there: its other services have started too.
    private async Task ReceiveAsync(TransportWork transports, CancellationToken cancellationToken)
    {
        await transports.StartAsync(cancellationToken).ConfigureAwait(false);
        HasStarted = true;
        await LifecycleEvents.DispatchBootedAsync(services, cancellationToken).ConfigureAwait(false);
    }

    private Task StopWorkerAsync(CancellationToken cancellationToken) => _worker?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private async Task StartBothAsync(DeliveryWorker worker, CancellationToken cancellationToken)
    {
        _schedules = services.GetRequiredService<ScheduleKeeper>();
        await _schedules.StartAsync(cancellationToken).ConfigureAwait(false);
        worker.Start();
    }

    // What runs in the background may still dispatch to durable listeners: the worker stops last.
    private async Task StopAllAsync(CancellationToken cancellationToken)
    {
        if (_transports is not null)
        {
            // What has arrived may leave work for everything below.
            await _transports.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_projections is not null)
        {
            await _projections.StopAsync().ConfigureAwait(false);
        }

        if (_schedules is not null)
        {
            await _schedules.StopAsync().ConfigureAwait(false);
        }

        if (_background is not null)
        {
            await _background.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        await StopWorkerAsync(cancellationToken).ConfigureAwait(false);
    }

    private void ReportDuplicates(ConfigurationRules rules)
    {
        foreach (var duplicate in rules.FindDuplicates())
        {
            Log.DuplicateListener(Loggers.Of(services).Startup, duplicate);
        }
    }

    // Reading the values runs their rules, which throw with every fault named.
    private void CheckOptions()
    {
        _ = (services.GetRequiredService<IOptions<WorkerOptions>>().Value,
            services.GetRequiredService<IOptions<RetryOptions>>().Value,
            services.GetRequiredService<IOptions<EnvelopeOptions>>().Value);
        var queues = services.GetRequiredService<IOptionsMonitor<QueueOptions>>();
        foreach (var queue in setup.Queues.All)
        {
            _ = queues.Get(queue);
        }

        if (Store is not null)
        {
            new QueueNameRule(setup.Queues, services.GetRequiredService<IOptions<WorkerOptions>>().Value, services.GetRequiredService<ListenerRegistry>().Durable)
                .Tell(Loggers.Of(services).Startup);
        }
    }
}
