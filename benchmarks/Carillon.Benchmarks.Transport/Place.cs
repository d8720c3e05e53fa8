using Carillon.RabbitMq;
using RabbitMQ.Client;

namespace Carillon.Benchmarks.Transport;

/// <summary>An exchange of its own with one queue, empty at the start and gone at the end.</summary>
internal sealed class Place(string address, string kind) : IAsyncDisposable
{
    internal const string Key = "measured";

    private static int _count;

    internal string Address => address;

    internal string Kind => kind;

    internal string Exchange { get; } = $"measured-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    internal string Queue => $"{Exchange}.{Key}";

    internal RabbitMqOptions Options(int window)
    {
        var options = new RabbitMqOptions { Exchange = Exchange, QueueKind = kind, MaxUnconfirmed = window };
        options.Connection.Address = address;
        return options;
    }

    internal Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>What the transport would declare, for those who measure without it.</summary>
    internal async Task DeclareAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, Arguments(kind));
        await channel.QueueBindAsync(Queue, Exchange, "#");
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        string[] queues = [Queue, $"{Queue}:dead", $"{Queue}:patterns", $"{Exchange}-consumer"];
        foreach (var queue in queues)
        {
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
        }

        await channel.ExchangeDeleteAsync(Exchange);
        await channel.ExchangeDeleteAsync($"{Exchange}-consumer");
    }

    // As the transport makes them, so that it finds no other when it begins.
    private static Dictionary<string, object?> Arguments(string kind) => kind == RabbitMqQueueKinds.Quorum
        ? new() { ["x-queue-type"] = kind, ["x-delivery-limit"] = 1_000_000_000 }
        : new() { ["x-queue-type"] = kind };
}
