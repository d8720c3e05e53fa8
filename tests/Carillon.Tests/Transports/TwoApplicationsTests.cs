using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Transports;

public sealed class TwoApplicationsTests
{
    private readonly InMemoryTransport _broker = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_leaves_one_and_reaches_the_listeners_of_the_other_with_its_cause()
    {
        var seen = Channel.CreateUnbounded<(BallotMade Event, EventContext Context)>();
        await using var receiver = await ReceiverAsync(carillon => carillon.Listen<BallotMade>((ballot, context, _) =>
        {
            seen.Writer.TryWrite((ballot, context));
            return ValueTask.CompletedTask;
        }));
        await using var sender = await SenderAsync();

        await sender.Events.DispatchAsync(new BallotMade("lunch"), Cancel);

        var (arrived, with) = await NextAsync(seen);
        arrived.ShouldBe(new BallotMade("lunch"));
        with.Envelope.ShouldNotBeNull().EventName.ShouldBe("ballot.made");
        with.EventId.ShouldBe(with.Envelope.Id);
        with.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task What_arrives_does_not_leave_again_and_what_it_causes_does()
    {
        var back = Channel.CreateUnbounded<string>();
        await using var sender = await SenderAsync();
        var receiver = await ReceiverAsync(carillon => carillon
            .Publish("ballot.#")
            .Listen<BallotMade>((ballot, context, token) => context.Dispatcher.DispatchObjectAsync(new BallotSeen(ballot.Title), token)));
        await using var all = receiver;
        await using var watching = await sender.Events.ReceiveAsync("#", (received, _) =>
        {
            back.Writer.TryWrite($"{received.Name} {Encoding.UTF8.GetString(received.Envelope.Payload.Span)} {received.Envelope.CausationId is not null}");
            return ValueTask.CompletedTask;
        }, cancellationToken: Cancel);

        await sender.Events.DispatchAsync(new BallotMade("lunch"), Cancel);
        string[] first = [await NextAsync(back), await NextAsync(back)];
        await sender.Events.DispatchAsync(new BallotMade("dinner"), Cancel);
        string[] second = [await NextAsync(back), await NextAsync(back)];

        // Had the first one left again, it would be here twice.
        first.Order().ShouldBe(["ballot.made {\"title\":\"lunch\"} False", "ballot.seen {\"title\":\"lunch\"} True"]);
        second.Order().ShouldBe(["ballot.made {\"title\":\"dinner\"} False", "ballot.seen {\"title\":\"dinner\"} True"]);
    }

    [Fact]
    public async Task A_durable_listener_is_given_the_event_under_the_id_with_which_it_arrived()
    {
        var ids = Channel.CreateUnbounded<(Guid Inline, string Correlation)>();
        await using var receiver = await ReceiverAsync(carillon => carillon.Listen<BallotMade>(
            (_, context, _) =>
            {
                ids.Writer.TryWrite((context.EventId, context.Envelope!.CorrelationId));
                return ValueTask.CompletedTask;
            },
            options => (options.Id, options.Delivery) = ("Durable", Delivery.Durable)));
        var id = Guid.CreateVersion7();

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}", id, ("cloudEvents:correlationid", "chain"));

        (await NextAsync(ids)).ShouldBe((id, "chain"));
    }

    [Fact]
    public async Task An_event_that_its_listener_rejects_comes_again_and_nothing_was_stored_for_the_others()
    {
        var attempts = Channel.CreateUnbounded<int>();
        var durable = Channel.CreateUnbounded<string>();
        await using var receiver = await ReceiverAsync(carillon => carillon
            .Listen<BallotMade>((_, context, _) =>
            {
                attempts.Writer.TryWrite(context.Attempt);
                if (context.Attempt < 3)
                {
                    context.Reject("not yet", TimeSpan.Zero);
                }

                return ValueTask.CompletedTask;
            })
            .Listen<BallotMade>(
                (ballot, _) =>
                {
                    durable.Writer.TryWrite(ballot.Title);
                    return ValueTask.CompletedTask;
                },
                options => (options.Id, options.Delivery) = ("Durable", Delivery.Durable)));

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}");

        (await NextAsync(attempts)).ShouldBe(1);
        (await NextAsync(attempts)).ShouldBe(2);
        (await NextAsync(attempts)).ShouldBe(3);
        (await NextAsync(durable)).ShouldBe("lunch");
        durable.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_always_fails_becomes_a_dead_letter_with_the_reason()
    {
        await using var receiver = await ReceiverAsync(carillon => carillon
            .ConfigureRetries(retries => (retries.MaxAttempts, retries.FirstDelay) = (3, TimeSpan.Zero))
            .Listen<BallotMade>(static _ => throw new InvalidOperationException("It is broken.")));

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}");

        var letter = await DeadLetterAsync();
        letter.Reason.ShouldContain("It is broken.");
        letter.Attempts.ShouldBe(3);
        receiver.Log.Entries.ShouldContain(entry => entry.Id == 446 && entry.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData("{\"title\":")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"title\":{\"deep\":[]}}")]
    public async Task Hostile_bytes_become_a_dead_letter_at_once(string body)
    {
        await using var receiver = await ReceiverAsync(static _ => { });

        await PublishAsync("ballot.made", body);

        (await DeadLetterAsync()).Attempts.ShouldBe(1);
        receiver.Log.Entries.ShouldContain(entry => entry.Id == 443);
    }

    [Theory]
    [InlineData("ballot.unheard-of")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    public async Task An_event_that_nobody_knows_is_parked_and_read_by_nobody(string name)
    {
        await using var receiver = await ReceiverAsync(static _ => { });

        await PublishAsync(name, "{\"FileName\":\"calc\"}");

        var letter = await DeadLetterAsync();
        letter.IsParked.ShouldBeTrue();
        letter.Reason.ShouldContain(name);
        receiver.Log.Entries.ShouldContain(entry => entry.Id == 444 && entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_version_that_is_newer_than_what_is_known_is_parked()
    {
        await using var receiver = await ReceiverAsync(static _ => { });

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}", id: null, ("cloudEvents:eventversion", "2"));

        (await DeadLetterAsync()).IsParked.ShouldBeTrue();
    }

    [Fact]
    public async Task With_an_inbox_an_event_that_comes_twice_is_dispatched_once()
    {
        var seen = Channel.CreateUnbounded<string>();
        await using var receiver = await ReceiverAsync(
            carillon => carillon.Listen<BallotMade>(ballot => { seen.Writer.TryWrite(ballot.Title); }), subscription => subscription.Inbox = TimeSpan.FromDays(1));
        var id = Guid.CreateVersion7();

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}", id);
        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}", id);
        await PublishAsync("ballot.made", "{\"title\":\"dinner\"}");

        (await NextAsync(seen)).ShouldBe("lunch");
        (await NextAsync(seen)).ShouldBe("dinner");
    }

    [Fact]
    public async Task A_receiver_without_a_class_reads_the_event_and_can_say_no()
    {
        var attempts = Channel.CreateUnbounded<(string, int)>();
        await using var receiver = await ReceiverAsync(static _ => { }, subscribes: false);
        await using var receiving = await receiver.Events.ReceiveAsync(
            "ballot.made",
            (received, _) =>
            {
                attempts.Writer.TryWrite((received.Read<BallotMade>().Title, received.Attempt));
                if (received.Attempt == 1)
                {
                    received.Reject("once more", TimeSpan.Zero);
                }

                return ValueTask.CompletedTask;
            },
            "lambda",
            Cancel);

        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}");

        (await NextAsync(attempts)).ShouldBe(("lunch", 1));
        (await NextAsync(attempts)).ShouldBe(("lunch", 2));
    }

    [Fact]
    public async Task The_stop_waits_for_what_is_being_received()
    {
        var begun = new TaskCompletionSource();
        var hold = new TaskCompletionSource();
        var ended = false;
        var receiver = await ReceiverAsync(carillon => carillon.Listen<BallotMade>(async (_, _) =>
        {
            begun.SetResult();
            await hold.Task;
            ended = true;
        }));
        await using var all = receiver;
        await PublishAsync("ballot.made", "{\"title\":\"lunch\"}");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var stopping = receiver.StopAsync();
        await PublishAsync("ballot.made", "{\"title\":\"too late\"}");
        stopping.IsCompleted.ShouldBeFalse();
        hold.SetResult();
        await stopping;

        ended.ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_that_nobody_takes_is_told_of_and_one_that_needs_a_subscriber_fails()
    {
        await using var sender = await SenderAsync(carillon => carillon
            .ConfigureRetries(retries => retries.MaxAttempts = 1)
            .AddEvent<BallotSeen>(options => (options.Leaves, options.NeedsSubscriber) = (true, true)));

        await sender.Events.DispatchAsync(new BallotMade("lunch"), Cancel);
        await sender.Events.DispatchAsync(new BallotSeen("lunch"), Cancel);

        var deliveries = sender.Services.GetRequiredService<IDeliveries>();
        await UntilAsync(async () => (await deliveries.CountAsync(Cancel)).GetValueOrDefault(DeliveryState.Failed) == 1);
        await UntilAsync(() => new(sender.Log.Entries.Any(entry => entry.Id == 441 && entry.Message.Contains("ballot.made", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Many_are_on_their_way_at_once()
    {
        var transport = new SlowTransport();
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().Publish<BallotMade>().UseTransport(_ => transport));

        for (var number = 0; number < 20; number++)
        {
            await sender.Events.DispatchAsync(new BallotMade($"{number}"), Cancel);
        }

        // None is confirmed before all have been sent.
        await transport.AllSent.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        transport.Confirm.SetResult();
    }

    private Task<Application> SenderAsync(Action<CarillonBuilder>? configure = null) => Application.StartAsync(carillon =>
    {
        carillon.UseInMemory().UseInMemoryTransport(_broker).Publish<BallotMade>();
        configure?.Invoke(carillon);
    });

    private Task<Application> ReceiverAsync(Action<CarillonBuilder> configure, Action<SubscriptionOptions>? subscribe = null, bool subscribes = true) => Application.StartAsync(carillon =>
    {
        carillon.UseInMemory().UseInMemoryTransport(_broker).AddEvent<BallotMade>().AddEvent<BallotSeen>();
        if (subscribes)
        {
            carillon.Subscribe("#", subscription =>
            {
                (subscription.Key, subscription.Concurrency) = ("receiver", 1);
                subscribe?.Invoke(subscription);
            });
        }

        configure(carillon);
    });

    private async Task PublishAsync(string name, string body, Guid? id = null, params (string Name, string Value)[] more)
    {
        var own = id ?? Guid.CreateVersion7();
        await _broker.PublishAsync(
            new OutgoingEvent
            {
                EventName = name.Contains(' ', StringComparison.Ordinal) ? "ballot.made" : name,
                Id = own,
                ContentType = "application/json",
                Headers =
                [
                    new("cloudEvents:specversion", "1.0"), new("cloudEvents:id", own.ToString()), new("cloudEvents:source", "/test"), new("cloudEvents:type", name),
                    .. more.Select(each => new EventHeader(each.Name, each.Value)),
                ],
                Body = Encoding.UTF8.GetBytes(body),
            },
            Cancel);
    }

    private async Task<DeadLetter> DeadLetterAsync()
    {
        IReadOnlyList<DeadLetter> letters = [];
        await UntilAsync(async () => (letters = await _broker.DeadLetters.ListAsync("receiver", 10, Cancel)).Count > 0);
        return letters.ShouldHaveSingleItem();
    }

    private static async Task UntilAsync(Func<ValueTask<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    private sealed record BallotMade(string Title);

    private sealed record BallotSeen(string Title);

    private sealed class SlowTransport : ITransport
    {
        private readonly InMemoryTransport _inner = new();
        private readonly ConcurrentBag<Guid> _sent = [];

        internal TaskCompletionSource AllSent { get; } = new();

        internal TaskCompletionSource Confirm { get; } = new();

        public string Name => "slow";

        public string Description => "slow transport";

        public TransportFeatures Features => _inner.Features;

        public ITransportDeadLetters DeadLetters => _inner.DeadLetters;

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
        {
            _sent.Add(outgoing.Id);
            if (_sent.Count == 20)
            {
                AllSent.TrySetResult();
            }

            await Confirm.Task.WaitAsync(cancellationToken);
            return PublishResult.Routed;
        }

        public ValueTask<ITransportSubscription> SubscribeAsync(
            TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken) =>
            _inner.SubscribeAsync(subscription, handle, cancellationToken);

        public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken) => _inner.DeleteSubscriptionAsync(key, cancellationToken);
    }
}
