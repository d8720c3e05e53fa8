using BenchmarkDotNet.Attributes;
using Carillon.Benchmarks.InProcess.References;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.InProcess;

/// <summary>Four threads at once, each with a scope and an event of its own: whether anything shared is written to.</summary>
[MemoryDiagnoser]
public class ThreadBenchmarks
{
    private const int Threads = 4;
    private const int Times = 500_000;

    // Of the process, which ends after this benchmark.
    private static readonly ThreadTeam Team = new(Threads);

    private readonly SlotBus _slots = new();
    private readonly OneEvent[] _events = [.. Enumerable.Range(0, Threads).Select(_ => new OneEvent())];
    private readonly IEventDispatcher[] _dispatchers;

    public ThreadBenchmarks()
    {
        _slots.Add(new OneListener());
        var services = new ServiceCollection().AddCarillon(carillon => carillon.AddListeners()).BuildServiceProvider();
        _dispatchers = [.. _events.Select(_ => services.CreateScope().ServiceProvider.GetRequiredService<IEventDispatcher>())];
    }

    [Benchmark(OperationsPerInvoke = Threads * Times)]
    public void SlotBusThreads() => Team.Run(PublishManyAsync);

    [Benchmark(OperationsPerInvoke = Threads * Times)]
    public void FourThreads() => Team.Run(DispatchManyAsync);

    private async ValueTask PublishManyAsync(int thread)
    {
        var @event = _events[thread];
        for (var i = 0; i < Times; i++)
        {
            await _slots.PublishAsync(@event);
        }
    }

    private async ValueTask DispatchManyAsync(int thread)
    {
        var @event = _events[thread];
        var dispatcher = _dispatchers[thread];
        for (var i = 0; i < Times; i++)
        {
            await dispatcher.DispatchAsync(@event);
        }
    }
}
