using System.Globalization;
using Carillon.RabbitMq.Transports;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests;

/// <summary>An exchange of its own on the broker of the tests, and the transports that are opened on it. Gone with the test, and all of its queues with it.</summary>
public sealed class RabbitPlace : IAsyncDisposable
{
    private static int _count;

    private readonly List<RecordingTransport> _transports = [];
    private readonly HashSet<string> _keys = [];

    /// <summary>Said by ./test, which starts the broker that is named in the file servers.</summary>
    public static string SharedAddress { get; } = Environment.GetEnvironmentVariable("CARILLON_TEST_RABBITMQ")
        ?? throw new InvalidOperationException("CARILLON_TEST_RABBITMQ is not set: let ./test run these tests, or set it to the address of a broker.");

    public string Address { get; init; } = SharedAddress;

    public string Exchange { get; } = string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public RabbitMqOptions Options(Action<RabbitMqOptions>? configure = null)
    {
        var options = new RabbitMqOptions { Exchange = Exchange };
        options.Connection.Address = Address;
        configure?.Invoke(options);
        return options;
    }

    public async ValueTask<ITransport> OpenAsync(Action<RabbitMqOptions>? configure = null, ILoggerFactory? loggers = null)
    {
        var transport = new RecordingTransport(new RabbitMqTransport(Options(configure), loggers: loggers), _keys);
        lock (_transports)
        {
            _transports.Add(transport);
        }

        await transport.PrepareAsync(Cancel);
        return transport;
    }

    public async ValueTask CloseAsync(ITransport transport)
    {
        lock (_transports)
        {
            _transports.Remove((RecordingTransport)transport);
        }

        await ((RecordingTransport)transport).DisposeAsync();
    }

    /// <summary>A channel of RabbitMQ's own client, for what no transport would do.</summary>
    public async Task<RawBroker> RawAsync()
    {
        var connection = await new ConnectionFactory { Uri = new Uri(Address) }.CreateConnectionAsync(Cancel);
        return new RawBroker(connection, await connection.CreateChannelAsync(cancellationToken: Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }

        if (Address != SharedAddress)
        {
            // A broker of the test's own goes with it; after it was killed it may need a while until it deletes a queue again.
            return;
        }

        await using var cleaner = new RabbitMqTransport(Options());
        foreach (var key in _keys)
        {
            await cleaner.DeleteSubscriptionAsync(key, CancellationToken.None);
        }

        await using var raw = await RawAsync();
        await raw.Channel.ExchangeDeleteAsync(Exchange, cancellationToken: CancellationToken.None);
    }
}
