using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Testing;
using Carillon.Tests.Transactions;

namespace Carillon.Tests.Hosting;

/// <summary>The store cannot settle one yet, since an open transaction has its unique key.</summary>
public sealed class DeferredSettlementTests
{
    private readonly InMemoryDeliveryStore _inner = new();
    private readonly SimulatedTime _time = new();
    private readonly DeferringStore _store;
    private int _ran;

    public DeferredSettlementTests() => _store = new DeferringStore(_inner);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_settled_when_the_store_can_and_others_do_not_wait_for_that()
    {
        await using var application = await StartAsync();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await DeferredAsync(times: 1);

        await application.Events.DispatchAsync(new NumberCounted(8), Cancellation);

        await Waiting.UntilAsync(async () => (await ListAsync()).Count == 1);
        await DeferredAsync(times: 3);
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Leased);
        _ran.ShouldBe(1);
        _store.Defers = false;
        await Waiting.UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return (await ListAsync()).Count == 0;
        });
        _ran.ShouldBe(2);
    }

    [Fact]
    public async Task A_host_that_stops_settles_it_first()
    {
        var application = await StartAsync();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await DeferredAsync(times: 1);

        var stopping = application.DisposeAsync().AsTask();
        _store.Defers = false;
        await Waiting.UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return (await ListAsync()).ShouldHaveSingleItem().State != DeliveryState.Leased;
        });
        await stopping;
    }

    private Task<Application> StartAsync() => Application.StartAsync(carillon => carillon
        .UseStore(_ => _store)
        .UseSimulatedTime(_time)
        .ConfigureWorker(worker => worker.LeaseDuration = TimeSpan.FromHours(1))
        .Listen<NumberCounted>(
            e =>
            {
                if (e.Number == 7 && Interlocked.Increment(ref _ran) == 1)
                {
                    throw new InvalidOperationException("Not now.");
                }
            },
            options => (options.Delivery, options.Id) = (Delivery.Durable, "durable")));

    private Task DeferredAsync(int times) => Waiting.UntilAsync(() =>
    {
        if (_store.Deferred > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return Task.FromResult(_store.Deferred >= times);
    });

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() => _inner.ListAsync(new DeliveryQuery(), _time.GetUtcNow(), Cancellation);

    private sealed class DeferringStore(IDeliveryStore store) : StoreAround(store)
    {
        private volatile bool _defers = true;
        private int _deferred;

        internal bool Defers
        {
            get => _defers;
            set => _defers = value;
        }

        internal int Deferred => Volatile.Read(ref _deferred);

        public override async ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
        {
            var settled = new List<Settlement>();
            foreach (var settlement in settlements)
            {
                settlement.IsDeferred = Defers && settlement.Outcome == DeliveryOutcome.Retry;
                if (settlement.IsDeferred)
                {
                    Interlocked.Increment(ref _deferred);
                }
                else
                {
                    settled.Add(settlement);
                }
            }

            return await base.SettleAsync(settled, cancellationToken);
        }
    }
}
