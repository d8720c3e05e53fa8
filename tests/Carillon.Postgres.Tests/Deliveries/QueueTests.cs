using System.Collections;
using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>The names of queues, which are noted before anything is written to them.</summary>
public sealed class QueueTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Two_are_the_first_to_write_to_a_queue_and_one_is_overtaken_in_the_middle_of_it()
    {
        var store = await _place.OpenAsync();
        using var slow = new SlowList(TestDeliveries.New(queue: "mail"));
        var adding = Task.Run(async () => await store.AddAsync(slow, Cancel), Cancel);
        await slow.Reached.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        await store.AddAsync([TestDeliveries.New(queue: "mail")], Cancel);

        slow.GoOn();
        await adding;

        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).ShouldHaveSingleItem();
        (await store.CountAsync(TestDeliveries.Time, Cancel))[DeliveryState.Ready].ShouldBe(2);
    }

    /// <summary>Whoever goes through it, rather than asking for one by its place, waits at its beginning.</summary>
    private sealed class SlowList(NewDelivery delivery) : IReadOnlyList<NewDelivery>, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();

        public int Count => 1;

        internal Task Reached => _reached.Task;

        public NewDelivery this[int index] => delivery;

        public IEnumerator<NewDelivery> GetEnumerator()
        {
            _reached.TrySetResult();
            _go.Wait(Cancel);
            yield return delivery;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => _go.Dispose();

        internal void GoOn() => _go.Set();
    }
}
