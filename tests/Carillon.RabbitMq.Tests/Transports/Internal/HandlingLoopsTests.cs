using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Carillon.RabbitMq.Tests.Faults;
using Carillon.RabbitMq.Transports;
using Carillon.RabbitMq.Transports.Internal;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

/// <summary>Whatever happens to one event, the next one is handled.</summary>
public sealed class HandlingLoopsTests : IDisposable
{
    private readonly List<Meter> _meters = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_be_acknowledged_since_its_channel_is_being_closed_holds_up_nothing_on_the_next_one()
    {
        var options = new RabbitMqOptions();
        using var instruments = new RabbitInstruments(factory: null);
        var log = new LogSignals();
        await using var link = new BrokerLink(BrokerAddress.Of(options.Connection), "tests", instruments, log);
        await using var publisher = new ConfirmingPublisher(link, options, instruments, TimeProvider.System, log);
        // One at a time, each acknowledged at once.
        var subscription = new TransportSubscription { Patterns = ["#"], Key = "all", Concurrency = 1, Prefetch = 1 };
        var parts = new TransportParts(options, link, publisher, instruments, TimeProvider.System, log);
        await using var receiver = new RabbitReceiver(parts, subscription, (_, _) => new(ReceiveOutcome.Acknowledged), static _ => { });
        var names = QueueNames.Of(options.Exchange, "all");
        var first = FakeChannel.Create(out var closing);
        closing.Fault = new ChannelClosedException();
        var lost = new ReceiverSession(receiver, parts, first, names);
        await DeliverAsync(lost, 1);
        var second = FakeChannel.Create(out var open);
        var next = new ReceiverSession(receiver, parts, second, names);
        await DeliverAsync(next, 1);

        await receiver.Loops.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        open.Acknowledged.ShouldBe([(1ul, true)]);
        // It lets go of what it had in hand: nobody who stops waits for it.
        await lost.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task Who_listens_to_measures_and_throws_stops_neither_receiving_nor_publishing()
    {
        await using var place = new RabbitPlace();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidOperationException("Cannot count."));
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("Cannot measure."));
        listener.Start();
        await using var transport = new RabbitMqTransport(place.Options(options => options.PublishTimeout = TimeSpan.FromSeconds(5)), meters: new Meters(_meters));
        await transport.PrepareAsync(Cancel);
        var attempts = Channel.CreateUnbounded<int>();
        var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["poll.#"], Key = "all", Concurrency = 1 }, (incoming, _) =>
        {
            attempts.Writer.TryWrite(incoming.Attempt);
            return new(incoming.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "not now") : ReceiveOutcome.Acknowledged);
        }, Cancel);
        try
        {
            for (var time = 0; time < 3; time++)
            {
                (await transport.PublishAsync(Traffic.Event("poll.created", "1"), Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)).ShouldBe(PublishResult.Routed);
                (await attempts.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)).ShouldBe(1);
                (await attempts.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)).ShouldBe(2);
            }

            await subscription.StopAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        }
        finally
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await subscription.StopAsync(now.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await transport.DeleteSubscriptionAsync("all", CancellationToken.None);
        }
    }

    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());

    private static Task DeliverAsync(ReceiverSession session, ulong number) =>
        session.HandleBasicDeliverAsync("tag", number, redelivered: false, "carillon", "poll.created", new BasicProperties(), default, CancellationToken.None);

    private sealed class Meters(List<Meter> made) : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            made.Add(meter);
            return meter;
        }

        public void Dispose()
        {
        }
    }
}
