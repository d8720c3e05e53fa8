using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Deliveries.Internal;

namespace Carillon.Tests.Hosting;

/// <summary>A stop while the store is asked for deliveries and does not answer, as over a connection that is dead.</summary>
public sealed class StopTests
{
    private readonly InMemoryDeliveryStore _deliveries = new();
    private readonly FlakyStore _store;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StopTests() => _store = new FlakyStore(_deliveries);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_waits_for_no_claim_for_ever_and_writes_down_what_has_ended()
    {
        await using var application = await StartWithClaimOnItsWayAsync();
        _finish.SetResult();

        try
        {
            await application.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

            // The lease of what never came here runs out.
            (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Leased);
        }
        finally
        {
            _store.MayAnswer.SetResult();
        }
    }

    [Fact]
    public async Task What_a_claim_brings_while_the_last_listeners_end_is_given_back()
    {
        await using var application = await StartWithClaimOnItsWayAsync();
        var stopping = application.StopAsync();
        try
        {
            await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Any(entry => entry.Id == 202)));
        }
        finally
        {
            _store.MayAnswer.SetResult();
        }

        await Waiting.UntilAsync(async () => (await ListAsync()).Any(delivery => delivery is { State: DeliveryState.Ready, Attempts: 0 }));
        stopping.IsCompleted.ShouldBeFalse();
        _finish.SetResult();
        await stopping;
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Ready);
    }

    /// <summary>One listener runs, and a second delivery was leased for this process, which does not know it yet.</summary>
    private async Task<Application> StartWithClaimOnItsWayAsync()
    {
        var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => _store)
            .ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromHours(1))
            .Listen<NumberCounted>(
                async (_, _) =>
                {
                    _started.TrySetResult();
                    await _finish.Task;
                },
                options => (options.Delivery, options.Id) = (Delivery.Durable, "count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        var leased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Leased = leased;
        await _deliveries.AddAsync([Written()], Cancellation);
        DurableEngine.Get<DeliveriesInHand>(application.Services).Poll();
        await leased.Task.WaitAsync(Cancellation);
        return application;
    }

    private static NewDelivery Written() => new()
    {
        Envelope = new Carillon.Envelopes.Envelope
        {
            Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
            EventName = "number.counted",
            Time = DateTimeOffset.UnixEpoch,
            CorrelationId = "test",
            Payload = """{"number":2}"""u8.ToArray(),
        },
        ListenerId = "count",
        DueAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<IReadOnlyList<DeliverySnapshot>> ListAsync() =>
        await _deliveries.ListAsync(new DeliveryQuery(), TimeProvider.System.GetUtcNow(), Cancellation);
}
