using System.Diagnostics;
using RabbitMQ.Client;

namespace Carillon.Benchmarks.Transport;

/// <summary>
/// The limit: RabbitMQ's own client with the same messages. One channel publishes with so many unconfirmed, which are counted and not looked up; one consumes and
/// acknowledges every 64th with all before it.
/// </summary>
internal sealed class Raw(Place place, int window)
{
    private const ushort Prefetch = 256;
    private const ulong AckEvery = 64;

    internal async Task PublishAsync(int events, Func<int, Task>? before = null)
    {
        await using var connection = await place.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        using var room = new SemaphoreSlim(window);
        ulong confirmed = 0;
        channel.BasicAcksAsync += (_, ack) =>
        {
            var count = ack.Multiple ? ack.DeliveryTag - confirmed : 1;
            confirmed = ack.Multiple ? ack.DeliveryTag : confirmed + 1;
            room.Release((int)count);
            return Task.CompletedTask;
        };
        var properties = Properties();
        for (var number = 0; number < events; number++)
        {
            if (before is not null)
            {
                await before(number);
            }

            await room.WaitAsync();
            await channel.BasicPublishAsync(place.Exchange, Measured.Name, mandatory: true, properties, Measured.Json(number));
        }

        for (var left = 0; left < window; left++)
        {
            await room.WaitAsync();
        }
    }

    /// <returns>How many a second were published and confirmed.</returns>
    internal async Task<double> PublishRateAsync(int events)
    {
        await place.DeclareAsync();
        await PublishAsync(events / 10);
        var started = Stopwatch.GetTimestamp();
        await PublishAsync(events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>How many a second were consumed of a queue that was full before.</returns>
    internal async Task<double> ConsumeRateAsync(int events)
    {
        await place.DeclareAsync();
        await PublishAsync(events);
        var started = Stopwatch.GetTimestamp();
        await using var consuming = await ConsumeAsync(events);
        await Arrivals.Current.All;
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal async Task<double> EndToEndRateAsync(int events)
    {
        await place.DeclareAsync();
        await using var consuming = await ConsumeAsync(events);
        var started = Stopwatch.GetTimestamp();
        await PublishAsync(events);
        await Arrivals.Current.All;
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>From the call to the consumer, in milliseconds, of each; 200 a second.</returns>
    internal async Task<double[]> LatenciesAsync(int events)
    {
        await place.DeclareAsync();
        await using var consuming = await ConsumeAsync(events);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var called = new long[events];
        await PublishAsync(events, async number =>
        {
            await timer.WaitForNextTickAsync();
            called[number] = Stopwatch.GetTimestamp();
        });
        await Arrivals.Current.All;
        return Latency.Of(called);
    }

    internal static BasicProperties Properties() => new()
    {
        DeliveryMode = DeliveryModes.Persistent,
        ContentType = "application/json",
        MessageId = Guid.Empty.ToString(),
        Headers = Measured.Headers(Guid.Empty).ToDictionary(header => header.Name, header => (object?)header.Value),
    };

    private async Task<IConnection> ConsumeAsync(int events)
    {
        Arrivals.Current = new Arrivals(events);
        var connection = await place.ConnectAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Prefetch, global: false);
        await channel.BasicConsumeAsync(place.Queue, autoAck: false, new Consumer(channel, (ulong)events));
        return connection;
    }

    private sealed class Consumer(IChannel channel, ulong events) : AsyncDefaultBasicConsumer(channel)
    {
        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            Arrivals.Current.Add(Measured.NumberOf(body.Span));
            if (deliveryTag % AckEvery == 0 || deliveryTag == events)
            {
                await Channel.BasicAckAsync(deliveryTag, multiple: true, cancellationToken);
            }
        }
    }
}
