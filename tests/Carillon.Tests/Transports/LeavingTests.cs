using System.Text;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Tests.Transactions;
using Carillon.Transactions;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Transports;

/// <summary>C1: what an event that leaves belongs to, in which order it leaves, and what it takes along.</summary>
public sealed class LeavingTests : UnitsOfWork
{
    private readonly GatedTransport _transport = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_of_work_that_is_rolled_back_sends_nothing_and_one_that_is_committed_does()
    {
        await using var sender = await StartAsync(carillon => carillon.UseTransport(_ => _transport).Publish<ShelfFilled>());
        _transport.OpenAll();

        await using (var work = await BeginAsync(sender))
        {
            await sender.Events.DispatchAsync(new ShelfFilled("A", 1), Cancel);
            await work.RollbackAsync(Cancel);
        }

        await sender.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _transport.Sent.ShouldBeEmpty();
        await using (var work = await BeginAsync(sender))
        {
            await sender.Events.DispatchAsync(new ShelfFilled("A", 2), Cancel);
            await sender.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
            _transport.Sent.ShouldBeEmpty();
            await work.CommitAsync(Cancel);
        }

        await sender.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _transport.Sent.Select(static sent => Encoding.UTF8.GetString(sent.Body.Span)).ShouldBe(["{\"shelf\":\"A\",\"number\":2}"]);
    }

    [Fact]
    public async Task With_Ordered_an_event_leaves_when_the_one_before_it_of_its_key_is_confirmed()
    {
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().UseTransport(_ => _transport).Publish<ShelfFilled>(publish => publish.Ordered = true));

        await sender.Events.DispatchAsync(new ShelfFilled("A", 1), Cancel);
        await sender.Events.DispatchAsync(new ShelfFilled("A", 2), Cancel);
        await sender.Events.DispatchAsync(new ShelfFilled("B", 1), Cancel);

        // The other key has passed the second of the first, which waits.
        await _transport.UntilSentAsync(2);
        _transport.Keys.Order().ShouldBe(["A", "B"]);
        (await CountAsync(sender, DeliveryState.Leased)).ShouldBe(2);
        _transport.Open("A");
        await _transport.UntilSentAsync(3);
        _transport.Sent.Where(static sent => sent.Key == "A").Select(static sent => Encoding.UTF8.GetString(sent.Body.Span))
            .ShouldBe(["{\"shelf\":\"A\",\"number\":1}", "{\"shelf\":\"A\",\"number\":2}"]);
        _transport.OpenAll();
    }

    [Fact]
    public async Task Without_it_events_of_one_key_are_on_their_way_at_once()
    {
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().UseTransport(_ => _transport).Publish<ShelfFilled>());

        await sender.Events.DispatchAsync(new ShelfFilled("A", 1), Cancel);
        await sender.Events.DispatchAsync(new ShelfFilled("A", 2), Cancel);

        await _transport.UntilSentAsync(2);
        _transport.OpenAll();
    }

    [Fact]
    public async Task With_Ordered_an_event_without_a_key_is_refused_at_its_dispatch()
    {
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().UseTransport(_ => _transport).Publish<ShelfEmptied>(publish => publish.Ordered = true));

        var error = await Should.ThrowAsync<CarillonException>(async () => await sender.Events.DispatchAsync(new ShelfEmptied(), Cancel));

        error.Message.ShouldContain("carillon.publish");
        error.Message.ShouldContain("key");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_key_of_an_event_is_on_the_wire_and_reaches_the_receiver(bool structured)
    {
        var broker = new InMemoryTransport();
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().RunDeliveriesByHand()
            .UseTransport(_ => _transport, options => options.Structured = structured).Publish("shelf.#").AddEvent<ShelfFilled>().AddEvent<ShelfEmptied>());
        _transport.OpenAll();
        await sender.Events.DispatchAsync(new ShelfFilled("A", 1), Cancel);                                                  // the event says it
        await sender.Events.DispatchAsync(new ShelfFilled("A", 1), new DeliveryOptions { Key = "said" }, Cancel);            // the dispatch says it
        await sender.Events.DispatchAsync(new ShelfEmptied(), Cancel);                                                       // nobody does
        await sender.Services.DrainDeliveriesAsync(cancellationToken: Cancel);

        string?[] expected = ["A", "said", null];
        _transport.Sent.Select(static sent => sent.Key).ShouldBe(expected, ignoreOrder: true);
        _transport.Sent.Select(sent => structured
            ? System.Text.Json.JsonDocument.Parse(sent.Body).RootElement.TryGetProperty("partitionkey", out var key) ? key.GetString() : null
            : sent.Headers.Where(static header => header.Name == "cloudEvents:partitionkey").Select(static header => header.Value).SingleOrDefault()).ShouldBe(expected, ignoreOrder: true);

        var received = new List<string?>();
        await using var receiver = await Application.StartAsync(carillon => carillon.UseInMemoryTransport(broker).AddEvent<ShelfFilled>().AddEvent<ShelfEmptied>());
        await using var receiving = await receiver.Events.ReceiveAsync("#", (one, _) =>
        {
            lock (received)
            {
                received.Add(one.Key);
            }

            return ValueTask.CompletedTask;
        }, cancellationToken: Cancel);
        foreach (var sent in _transport.Sent)
        {
            await broker.PublishAsync(sent, Cancel);
        }

        await broker.WhenIdleAsync(Cancel);
        received.ShouldBe(expected, ignoreOrder: true);
    }

    private static async Task<long> CountAsync(Application application, DeliveryState state) =>
        (await application.Services.GetRequiredService<IDeliveries>().CountAsync(Cancel)).GetValueOrDefault(state);

    [Event("shelf.filled")]
    private sealed record ShelfFilled(string Shelf, int Number) : IKeyedEvent
    {
        string? IKeyedEvent.Key => Shelf;
    }

    [Event("shelf.emptied")]
    private sealed record ShelfEmptied;

    /// <summary>Confirms what it is given when the test opens the gate of its key.</summary>
    private sealed class GatedTransport : ITransport
    {
        private readonly InMemoryTransport _inner = new();
        private readonly Lock _lock = new();
        private readonly List<OutgoingEvent> _sent = [];
        private readonly Dictionary<string, TaskCompletionSource> _gates = [];
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isOpen;

        public string Name => "gated";

        public string Description => "gated transport";

        public TransportFeatures Features => _inner.Features;

        public ITransportDeadLetters DeadLetters => _inner.DeadLetters;

        internal OutgoingEvent[] Sent
        {
            get
            {
                lock (_lock)
                {
                    return [.. _sent];
                }
            }
        }

        internal IEnumerable<string?> Keys => Sent.Select(static sent => sent.Key);

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
        {
            Task gate;
            lock (_lock)
            {
                // The memory is the caller's again when this returns.
                _sent.Add(new OutgoingEvent
                {
                    EventName = outgoing.EventName,
                    Id = outgoing.Id,
                    Key = outgoing.Key,
                    ContentType = outgoing.ContentType,
                    Headers = outgoing.Headers,
                    Body = outgoing.Body.ToArray(),
                });
                gate = _isOpen ? Task.CompletedTask : GateOf(outgoing.Key).Task;
                _more.TrySetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await gate.WaitAsync(cancellationToken);
            return PublishResult.Routed;
        }

        public ValueTask<ITransportSubscription> SubscribeAsync(
            TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken) =>
            _inner.SubscribeAsync(subscription, handle, cancellationToken);

        public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken) => _inner.DeleteSubscriptionAsync(key, cancellationToken);

        internal void Open(string key)
        {
            lock (_lock)
            {
                GateOf(key).TrySetResult();
            }
        }

        internal void OpenAll()
        {
            lock (_lock)
            {
                _isOpen = true;
                foreach (var gate in _gates.Values)
                {
                    gate.TrySetResult();
                }
            }
        }

        internal async Task UntilSentAsync(int count)
        {
            while (true)
            {
                Task more;
                lock (_lock)
                {
                    if (_sent.Count >= count)
                    {
                        return;
                    }

                    more = _more.Task;
                }

                await more.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            }
        }

        private TaskCompletionSource GateOf(string? key) =>
            _gates.TryGetValue(key ?? "", out var gate) ? gate : _gates[key ?? ""] = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
