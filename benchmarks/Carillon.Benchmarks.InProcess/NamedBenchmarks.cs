using BenchmarkDotNet.Attributes;
using Carillon.Benchmarks.InProcess.References;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.InProcess;

/// <summary>One thread: what an emit by name costs, and whether either dispatch grows with what has nothing to do with it.</summary>
[MemoryDiagnoser]
public class NamedBenchmarks
{
    private const int Times = 4096;
    private const int Few = 10;
    private const int ManyEvents = 10_000;
    private const int ManyPatterns = 1_000;

    private readonly OneEvent _one = new();
    private readonly NamedPayload _payload = new();
    private readonly NameBus _names;
    private readonly IEventDispatcher _dispatcher;
    private readonly IEventDispatcher _grown;

    public NamedBenchmarks()
    {
        var listener = new NamedListener();
        _names = new NameBus(Enumerable.Range(0, Few - 1)
            .Select(number => KeyValuePair.Create<string, Action<object>>($"entity-{number}.changed", static _ => { }))
            .Append(KeyValuePair.Create<string, Action<object>>(NamedListener.Name, payload => listener.Handle((NamedPayload)payload))));
        _dispatcher = Create(Few, Few);
        _grown = Create(ManyEvents, ManyPatterns);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask FrozenByName()
    {
        for (var i = 0; i < Times; i++)
        {
            await _names.EmitAsync(NamedListener.Name, _payload);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask Named()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.EmitAsync(NamedListener.Name, _payload);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask NamedGrown()
    {
        for (var i = 0; i < Times; i++)
        {
            await _grown.EmitAsync(NamedListener.Name, _payload);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask OneAmongFew()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask OneGrown()
    {
        for (var i = 0; i < Times; i++)
        {
            await _grown.DispatchAsync(_one);
        }
    }

    // Each type of event is dispatched once, so that its plan is there, and each name emitted once.
    private static IEventDispatcher Create(int events, int patterns)
    {
        var types = EventTypes().Take(events).ToArray();
        var dispatcher = new ServiceCollection()
            .AddCarillon(carillon =>
            {
                carillon.AddListeners();
                foreach (var type in types)
                {
                    carillon.AddListener(new Listener($"listener of {type}", type, static (object _, in ListenerCall _) => ValueTask.CompletedTask));
                }

                for (var number = 0; number < patterns; number++)
                {
                    carillon.Listen($"entity-{number}.*.#", (NamedEvent _) => { });
                }
            })
            .BuildServiceProvider()
            .CreateScope()
            .ServiceProvider
            .GetRequiredService<IEventDispatcher>();
        foreach (var type in types)
        {
            Finish(dispatcher.DispatchObjectAsync(Activator.CreateInstance(type)!));
        }

        for (var number = 0; number < events; number++)
        {
            Finish(dispatcher.EmitAsync($"entity-{number % patterns}.changed.{number}"));
        }

        return dispatcher;
    }

    private static void Finish(ValueTask running) => running.AsTask().GetAwaiter().GetResult();

    private static void Finish(ValueTask<bool> running) => running.AsTask().GetAwaiter().GetResult();

    // So many types without writing one down: every quadruple of ten.
    private static IEnumerable<Type> EventTypes()
    {
        Type[] digits = [typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double)];
        return
            from a in digits
            from b in digits
            from c in digits
            from d in digits
            select typeof(Combined<,,,>).MakeGenericType(a, b, c, d);
    }

    private sealed class Combined<T1, T2, T3, T4>;
}
