using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Listeners;
using Carillon.Testing;
using Carillon.Tests.Deliveries;

namespace Carillon.Tests.Hosting;

/// <summary>Which attempts are taken for lost when leases are extended, or cannot be.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly SimulatedTime _time = new();
    private readonly InMemoryDeliveryStore _deliveries = new();
    private readonly JoiningStore _store;

    public LeaseTests() => _store = new JoiningStore(_deliveries);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)] // Nobody else can have leased anything meanwhile
    [InlineData(false)]
    public async Task Leases_that_end_while_the_store_cannot_be_reached_are_lost_unless_a_listener_of_this_process_holds_it(bool holds)
    {
        _store.Turn = holds ? new Turn() : null;
        var plain = new Attempt();
        var transactional = new Attempt();
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>((_, token) => plain.RunAsync(token), In("plain"))
            .Listen<NumberDoubled>((_, token) => transactional.RunAsync(token), In("transactional", transactional: true)));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await plain.Begun.WaitAsync(Cancellation);
        await application.Events.DispatchAsync(new NumberDoubled(1), Cancellation);
        await transactional.Begun.WaitAsync(Cancellation);
        _store.IsBusy = true;

        try
        {
            for (var failures = 1; failures <= (holds ? 4 : 3); failures++)
            {
                _time.Advance(Lease / 3);
                await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Count(entry => entry.Id == 201 && entry.Message.Contains("extended leases")) == failures));
            }

            if (!holds)
            {
                await Task.WhenAll(plain.Cancelled, transactional.Cancelled).WaitAsync(Cancellation);
                return;
            }

            (plain.Cancelled.IsCompleted, transactional.Cancelled.IsCompleted).ShouldBe((false, false));
        }
        finally
        {
            plain.Finish();
            transactional.Finish();
        }

        await Waiting.UntilAsync(async () => (await _deliveries.CountAsync(_time.GetUtcNow(), Cancellation)).Count == 0);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 104);
        _store.Transactions.ShouldHaveSingleItem().IsCommitted.ShouldBeTrue();
    }

    [Fact] // A store that waits for the row of an open transaction finds it gone when that one commits
    public async Task An_attempt_that_is_completed_in_its_transaction_just_now_is_not_taken_for_lost()
    {
        var maySettle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var extended = 0;
        _store.MaySettle = maySettle.Task;
        _store.Extends = deliveries =>
        {
            Interlocked.Increment(ref extended);
            return new ExtendedLeases(deliveries, []);
        };
        var attempt = new Attempt();
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberDoubled>((_, token) => attempt.RunAsync(token), In("transactional", transactional: true)));
        await application.Events.DispatchAsync(new NumberDoubled(1), Cancellation);
        await attempt.Begun.WaitAsync(Cancellation);
        attempt.Finish();
        await _store.Settles.WaitAsync(Cancellation);

        for (var rounds = 1; rounds <= 2; rounds++)
        {
            _time.Advance(Lease / 3);
            await Waiting.UntilAsync(() => Task.FromResult(Volatile.Read(ref extended) == rounds || application.Log.Entries.Any(entry => entry.Id == 104)));
        }

        maySettle.SetResult();
        await Waiting.UntilAsync(async () => (await _deliveries.CountAsync(_time.GetUtcNow(), Cancellation)).Count == 0);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 104);
    }

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) => Application.StartAsync(carillon => configure(carillon
        .UseStore(_ => _store)
        .UseSimulatedTime(_time)
        .ConfigureWorker(worker => worker.LeaseDuration = Lease)));

    private static Action<ListenOptions> In(string id, bool transactional = false) =>
        options => (options.Delivery, options.Id, options.Transactional) = (Delivery.Durable, id, transactional);

    private sealed class Turn : IDisposable
    {
        public void Dispose()
        {
        }
    }

    /// <summary>One that runs until the test lets it end, or its token is cancelled.</summary>
    private sealed class Attempt
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Begun => _begun.Task;

        internal Task Cancelled => _cancelled.Task;

        internal void Finish() => _finish.TrySetResult();

        internal async ValueTask RunAsync(CancellationToken token)
        {
            _begun.TrySetResult();
            try
            {
                await _finish.Task.WaitAsync(token);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
        }
    }
}
