using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Suites;

public abstract class RabbitTransports(string kind) : TestTransports
{
    private readonly RabbitPlace _place = new();

    public override ValueTask<ITransport> OpenAsync() => _place.OpenAsync(options => options.QueueKind = kind);

    public override ValueTask CloseAsync(ITransport transport) => _place.CloseAsync(transport);

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _place.DisposeAsync();
    }
}

public sealed class QuorumTransports() : RabbitTransports(RabbitMqQueueKinds.Quorum);

public sealed class ClassicTransports() : RabbitTransports(RabbitMqQueueKinds.Classic);
