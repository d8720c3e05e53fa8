using BenchmarkDotNet.Attributes;
using Carillon.Benchmarks.InProcess.References;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.InProcess;

/// <summary>One thread: what a dispatch costs, beside what the same work costs without Carillon.</summary>
/// <remarks>
/// Each method does the same thing so often that starting it, an asynchronous method among them, weighs nothing in the nanoseconds of one dispatch.
/// </remarks>
[MemoryDiagnoser]
public class DispatchBenchmarks
{
    private const int Times = 4096;

    private readonly OneEvent _one = new();
    private readonly TenEvent _ten = new();
    private readonly NoneEvent _none = new();
    private readonly ScopedEvent _scoped = new();
    private readonly SurroundedEvent _surrounded = new();
    private readonly AsyncEvent _async = new();
    private readonly SlotBus _slots = new();
    private readonly DictionaryBus _dictionary = new();
    private readonly IHandler<OneEvent> _handler;
    private readonly Node<SurroundedEvent> _pipeline;
    private readonly IAsyncHandler<AsyncEvent> _asyncHandler;
    private readonly Action<TenEvent>[] _delegates;
    private readonly IServiceProvider _services;
    private readonly IEventDispatcher _dispatcher;

    public DispatchBenchmarks()
    {
        _services = new ServiceCollection()
            .AddSingleton<IHandler<OneEvent>, OneListener>()
            .AddScoped<ScopedListener>()
            .AddSingleton<IHandler<SurroundedEvent>, SurroundedListener>()
            .AddSingleton<IAsyncHandler<AsyncEvent>, AsyncListener>()
            .AddCarillon(carillon => carillon
                .AddListeners()
                .UseMiddleware<PassingMiddleware>(options => options.For<SurroundedEvent>()))
            .BuildServiceProvider()
            .CreateScope()
            .ServiceProvider;
        _dispatcher = _services.GetRequiredService<IEventDispatcher>();
        _handler = _services.GetRequiredService<IHandler<OneEvent>>();
        _slots.Add(_handler);
        _dictionary.Add(_handler);
        _pipeline = new PassingNode<SurroundedEvent>(new HandlerNode<SurroundedEvent>(_services.GetRequiredService<IHandler<SurroundedEvent>>()));
        _asyncHandler = _services.GetRequiredService<IAsyncHandler<AsyncEvent>>();
        var ten = new TenListeners();
        _delegates = [ten.A, ten.B, ten.C, ten.D, ten.E, ten.F, ten.G, ten.H, ten.I, ten.J];
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void DirectCall()
    {
        for (var i = 0; i < Times; i++)
        {
            _handler.Handle(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask SlotBusOne()
    {
        for (var i = 0; i < Times; i++)
        {
            await _slots.PublishAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask One()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask OnePublished()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.PublishAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void TenDelegates()
    {
        for (var i = 0; i < Times; i++)
        {
            foreach (var handler in _delegates)
            {
                handler(_ten);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask Ten()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_ten);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask SlotBusNone()
    {
        for (var i = 0; i < Times; i++)
        {
            await _slots.PublishAsync(_none);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask None()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_none);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void ResolveAndCall()
    {
        for (var i = 0; i < Times; i++)
        {
            _services.GetRequiredService<ScopedListener>().Handle(_scoped);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask Scoped()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_scoped);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask DictionaryByType()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dictionary.PublishAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask ByObject()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchObjectAsync(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask Pipeline()
    {
        for (var i = 0; i < Times; i++)
        {
            await _pipeline.InvokeAsync(_surrounded);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask OneMiddleware()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_surrounded);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask AsyncCall()
    {
        for (var i = 0; i < Times; i++)
        {
            await _asyncHandler.HandleAsync(_async);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public async ValueTask OneAsync()
    {
        for (var i = 0; i < Times; i++)
        {
            await _dispatcher.DispatchAsync(_async);
        }
    }
}
