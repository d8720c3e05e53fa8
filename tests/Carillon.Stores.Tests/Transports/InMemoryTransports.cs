using Carillon.Conformance.Transports;
using Carillon.Testing;
using Carillon.Transports;
using Carillon.Transports.InMemory;

namespace Carillon.Stores.Tests.Transports;

public sealed class InMemoryTransports : TestTransports
{
    private readonly SimulatedTime _time = new();
    private readonly InMemoryTransport _broker;

    public InMemoryTransports() => _broker = new InMemoryTransport(_time);

    public override async ValueTask<ITransport> OpenAsync()
    {
        await _broker.PrepareAsync(TestContext.Current.CancellationToken);
        return _broker;
    }

    public override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
