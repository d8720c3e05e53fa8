using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>The names of queues, which are noted before anything is written to them.</summary>
public sealed class QueueTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact] // Each of them finds the name unknown, or known a moment after it has looked.
    public async Task Many_who_are_the_first_to_write_to_a_queue_all_write()
    {
        const int callers = 8;
        const int rounds = 60;
        var store = await _place.OpenAsync();
        for (var round = 0; round < rounds; round++)
        {
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writing = Enumerable.Range(0, callers).Select(async caller =>
            {
                await start.Task;
                await store.AddAsync([TestDeliveries.New(queue: $"queue {round}"), TestDeliveries.New(queue: $"queue {round} of {caller % 2}")], Cancel);
            }).ToList();

            start.SetResult();
            await Task.WhenAll(writing);
        }

        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).Count.ShouldBe(3 * rounds);
        (await store.CountAsync(TestDeliveries.Time, Cancel))[DeliveryState.Ready].ShouldBe(2 * callers * rounds);
    }
}
