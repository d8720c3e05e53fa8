using System.Diagnostics;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>A write can hang in the client, for ever if it has to be: what was to be published is told all the same, in its time.</summary>
[Collection<OwnBrokerCollection>]
public sealed class HangTests(OwnBroker broker)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    // The publisher looks every half of a second; the rest is for a machine that has much to do.
    private static readonly TimeSpan Latest = Timeout + TimeSpan.FromSeconds(8);

    private static readonly byte[] Large = new byte[250_000];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_publish_outlasts_its_time_though_the_broker_stands_still_under_load_and_all_goes_on_when_it_does()
    {
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await OpenAsync(place);
        await sender.PublishAsync(Event(), Cancel);
        await broker.FreezeAsync();
        try
        {
            // More than all buffers on the way take: a write hangs.
            var (confirmed, _) = await PublishAsync(sender, 400);
            confirmed.ShouldBe(0);

            // And while a new connection is wanted that does not come about.
            (confirmed, _) = await PublishAsync(sender, 10);
            confirmed.ShouldBe(0);
        }
        finally
        {
            await broker.ThawAsync();
        }

        await ConfirmedAsync(sender);
    }

    [Fact]
    public async Task No_publish_outlasts_its_time_though_a_write_hangs_while_the_broker_blocks()
    {
        await using var place = new RabbitPlace { Address = broker.Address };
        await using var wire = new CuttableWire(broker.Address);
        var log = new LogSignals();
        var sender = await OpenAsync(place, options => options.Connection.Address = wire.Address, log);
        await sender.PublishAsync(Event(), Cancel);
        await broker.ControlAsync("set_vm_memory_high_watermark", "0");
        try
        {
            // What the broker says still comes through.
            wire.HoldBack();
            var all = PublishAsync(sender, 400);
            wire.LetThrough(1_000_000);
            await log.WaitAsync(683);
            var (_, messages) = await all;
            messages.ShouldContain(message => message.Contains("The broker blocks", StringComparison.Ordinal));
        }
        finally
        {
            wire.LetThrough(int.MaxValue);
            await broker.ControlAsync("set_vm_memory_high_watermark", "0.4");
        }

        await ConfirmedAsync(sender);
    }

    [Fact]
    public async Task No_publish_outlasts_its_time_though_the_broker_is_killed_under_load_and_started_again()
    {
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await OpenAsync(place);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var confirmed = 0;
        var publishers = Enumerable.Range(0, 200).Select(_ => Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    confirmed += (await PublishAsync(sender, 1)).Confirmed;
                }
            },
            Cancel)).ToList();
        for (var kill = 0; kill < 2; kill++)
        {
            while (Volatile.Read(ref confirmed) < 100)
            {
                await Task.Yield();
            }

            await broker.KillAsync();
            await broker.StartAgainAsync();
            await ConfirmedAsync(sender);
            Volatile.Write(ref confirmed, 0);
        }

        await enough.CancelAsync();
        await Task.WhenAll(publishers);
    }

    [Fact]
    public async Task A_transport_is_closed_in_time_though_the_broker_stands_still()
    {
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await OpenAsync(place);
        await sender.SubscribeAsync(new TransportSubscription { Patterns = ["nothing"], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await sender.SubscribeAsync(new TransportSubscription { Patterns = ["nothing"] }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await broker.FreezeAsync();
        try
        {
            var all = PublishAsync(sender, 400);

            await place.CloseAsync(sender).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel);

            (await all).Messages.ShouldNotBeEmpty();
        }
        finally
        {
            await broker.ThawAsync();
        }
    }

    private static ValueTask<ITransport> OpenAsync(RabbitPlace place, Action<RabbitMqOptions>? configure = null, LogSignals? log = null) =>
        place.OpenAsync(
            options =>
            {
                options.PublishTimeout = Timeout;
                configure?.Invoke(options);
            },
            log);

    private static OutgoingEvent Event() => Traffic.Event("poll.created", "1");

    /// <summary>Publishes so many at once, and sees that each is told in time.</summary>
    private static async Task<(int Confirmed, List<string> Messages)> PublishAsync(ITransport sender, int count)
    {
        var began = Stopwatch.GetTimestamp();
        var messages = new List<string>();
        var calls = Enumerable.Range(0, count).Select(_ => sender.PublishAsync(Traffic.Event("poll.created", Large), Cancel).AsTask()).ToList();
        foreach (var call in calls)
        {
            try
            {
                await call.WaitAsync(Latest - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.Zero, Cancel);
            }
            catch (TransportException exception)
            {
                messages.Add(exception.Message);
            }
        }

        return (count - messages.Count, messages);
    }

    /// <summary>It goes on by itself.</summary>
    private static async Task ConfirmedAsync(ITransport sender)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await sender.PublishAsync(Event(), Cancel);
                return;
            }
            catch (TransportException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
            {
            }
        }
    }
}
