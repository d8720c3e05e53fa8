using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests;

/// <summary>RabbitMQ as its own client shows it.</summary>
public sealed class RawBroker(IConnection connection, IChannel channel) : IAsyncDisposable
{
    public IChannel Channel => channel;

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
