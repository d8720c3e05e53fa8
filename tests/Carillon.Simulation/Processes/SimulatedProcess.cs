using Carillon.Simulation.Application;
using Carillon.Simulation.Database;
using Carillon.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Simulation.Processes;

/// <summary>One run of the application: from its start until it dies or is stopped. Never starts again; another one does.</summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedWorld _world;
    private readonly List<ITimer> _timers = [];
    private readonly ServiceProvider _services;

    internal SimulatedProcess(SimulatedWorld world, string name)
    {
        _world = world;
        Name = name;
        // Clocks of machines differ: by less than a lease, as docs/state-machines.md asks.
        var wrongBy = TimeSpan.FromMilliseconds(world.Scheduler.Random.Next(-800, 800));
        _services = OrderApplication.Build(world, this, new ProcessTime(world.Scheduler.Time, wrongBy, this), world.Scheduler.Random.Next());
    }

    internal string Name { get; }

    /// <summary>The orders that it has begun.</summary>
    internal List<int> Taken { get; } = [];

    internal bool IsDead { get; private set; }

    /// <summary>It does not take part any more, whichever way it ended.</summary>
    internal bool HasEnded { get; private set; }

    internal bool IsStopping { get; private set; }

    /// <summary>Set by an exception that the application should not have seen.</summary>
    internal Exception? Fault { get; private set; }

    internal async Task RunAsync()
    {
        try
        {
            foreach (var service in _services.GetServices<IHostedService>())
            {
                await StartAsync(service);
            }

            await new Emitter(_world, this, _services).RunAsync();
        }
        catch (InjectedFaultException) when (!IsDead)
        {
            // A process that cannot start is over; another one tries again.
            Kill();
        }
        catch (Exception exception) when (!IsDead)
        {
            Fault = exception;
            Kill();
        }
    }

    /// <summary>As by SIGKILL: at the step where it stands, and for good.</summary>
    internal void Kill()
    {
        (IsDead, HasEnded) = (true, true);
        _world.Scheduler.Note($"{Name} dies");
        _world.Scheduler.Forget(this);
        _world.Ledger.Abandon(Taken);
        _timers.ForEach(static timer => timer.Dispose());
    }

    /// <summary>As by SIGTERM.</summary>
    internal async Task StopAsync()
    {
        IsStopping = true;
        _world.Scheduler.Note($"{Name} is told to stop");
        try
        {
            foreach (var service in _services.GetServices<IHostedService>())
            {
                await service.StopAsync(CancellationToken.None);
            }

            Kill();
        }
        catch (Exception exception) when (!IsDead)
        {
            Fault = exception;
            Kill();
        }
    }

    internal ITimer Own(ITimer timer)
    {
        _timers.Add(timer);
        return timer;
    }

    private static async Task StartAsync(IHostedService service)
    {
        if (service is IHostedLifecycleService lifecycle)
        {
            await lifecycle.StartingAsync(CancellationToken.None);
            await lifecycle.StartAsync(CancellationToken.None);
            await lifecycle.StartedAsync(CancellationToken.None);
        }
        else
        {
            await service.StartAsync(CancellationToken.None);
        }
    }
}
