using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What a person sees.</summary>
public abstract class ReadingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private static readonly DeliveryState[] AllStates = Enum.GetValues<DeliveryState>();

    [Fact]
    public async Task Counts_are_those_of_the_rows_and_states_without_any_are_left_out() // 243
    {
        await AddAllStatesAsync(ofEach: 2);

        var counts = await Store.CountAsync(Now, Cancel);

        var rows = await Store.ListAsync(new DeliveryQuery { PageSize = 1000 }, Now, Cancel);
        counts.OrderBy(count => count.Key).ShouldBe(
            rows.GroupBy(row => row.State).Select(group => KeyValuePair.Create(group.Key, group.LongCount())).OrderBy(count => count.Key));
        counts[DeliveryState.Failed].ShouldBe(2);
        (await Store.CountAsync(Now.AddDays(1), Cancel)).Keys.ShouldNotContain(DeliveryState.Scheduled);
    }

    [Fact]
    public async Task A_scheduled_delivery_that_is_due_shows_and_counts_as_ready()
    {
        var added = await AddAsync(TestDeliveries.New(dueAt: Now));
        var justBefore = Now.AddTicks(-1);

        (await ReadAsync(added.Id, justBefore)).State.ShouldBe(DeliveryState.Scheduled);
        (await Store.CountAsync(justBefore, Cancel)).ShouldBe([KeyValuePair.Create(DeliveryState.Scheduled, 1L)]);
        (await ListIdsAsync(DeliveryState.Scheduled, justBefore)).ShouldBe([added.Id]);
        (await ListIdsAsync(DeliveryState.Ready, justBefore)).ShouldBeEmpty();

        (await ReadAsync(added.Id, Now)).State.ShouldBe(DeliveryState.Ready);
        (await Store.CountAsync(Now, Cancel)).ShouldBe([KeyValuePair.Create(DeliveryState.Ready, 1L)]);
        (await ListIdsAsync(DeliveryState.Scheduled, Now)).ShouldBeEmpty();
        (await ListIdsAsync(DeliveryState.Ready, Now)).ShouldBe([added.Id]);
    }

    [Theory]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    public async Task A_list_of_one_state_holds_those_and_no_others(DeliveryState state)
    {
        var ids = await AddAllStatesAsync(ofEach: 2);

        (await ListIdsAsync(state, Now)).ShouldBe([ids[state][1], ids[state][0]]);
    }

    [Fact]
    public async Task A_snapshot_says_what_the_delivery_is()
    {
        var added = await AddAsync(TestDeliveries.New("poll.closed", "Notify", dueAt: Now.AddHours(1)));

        (await ReadAsync(added.Id)).ShouldBe(new DeliverySnapshot
        {
            Id = added.Id,
            State = DeliveryState.Scheduled,
            EventId = added.Envelope.Id,
            EventName = "poll.closed",
            ListenerId = "Notify",
            Attempts = 0,
            CreatedAt = added.Envelope.Time,
            DueAt = Now.AddHours(1),
            CorrelationId = "correlation",
            Queue = Queues.Default,
        });
    }

    [Fact]
    public async Task A_list_can_be_of_one_listener_one_event_and_one_state()
    {
        await Store.AddAsync(
            [
                TestDeliveries.New("poll.created", "Sitemap"),
                TestDeliveries.New("poll.created", "Notify"),
                TestDeliveries.New("poll.closed", "Notify"),
                TestDeliveries.New("poll.closed", "Notify", dueAt: Now.AddHours(1)),
            ],
            Cancel);

        (await ListIdsAsync(new DeliveryQuery { ListenerId = "Notify" })).ShouldBe([4, 3, 2]);
        (await ListIdsAsync(new DeliveryQuery { EventName = "poll.created" })).ShouldBe([2, 1]);
        (await ListIdsAsync(new DeliveryQuery { EventName = "poll.closed", ListenerId = "Notify", State = DeliveryState.Ready })).ShouldBe([3]);
        (await ListIdsAsync(new DeliveryQuery { EventName = "poll.closed", ListenerId = "Sitemap" })).ShouldBeEmpty();
        (await ListIdsAsync(new DeliveryQuery { ListenerId = "notify" })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DeliveryState.Ready)]
    public async Task Pages_follow_each_other_without_gap_or_overlap_while_deliveries_come_and_go(DeliveryState? state)
    {
        await Store.AddAsync([.. Enumerable.Range(0, 5).Select(_ => TestDeliveries.New())], Cancel);

        var first = await ListIdsAsync(new DeliveryQuery { State = state, PageSize = 2 });
        await AddAsync();
        await Store.DiscardAsync([3], Now, null, Cancel);
        var second = await ListIdsAsync(new DeliveryQuery { State = state, PageSize = 2, AfterId = first[^1] });
        var third = await ListIdsAsync(new DeliveryQuery { State = state, PageSize = 2, AfterId = second[^1] });

        first.ShouldBe([5, 4]);
        second.ShouldBe(state is null ? [3, 2] : [2, 1]);
        third.ShouldBe(state is null ? [1] : []);
    }

    [Fact]
    public async Task A_page_of_no_size_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            async () => await Store.ListAsync(new DeliveryQuery { PageSize = 0 }, Now, Cancel));
    }

    private Task<List<long>> ListIdsAsync(DeliveryState state, DateTimeOffset now) => ListIdsAsync(new DeliveryQuery { State = state }, now);

    private async Task<List<long>> ListIdsAsync(DeliveryQuery query, DateTimeOffset? now = null) =>
        [.. (await Store.ListAsync(query, now ?? Now, Cancel)).Select(snapshot => snapshot.Id)];

    /// <returns>The ids of each state, in the order in which they were added.</returns>
    private async Task<Dictionary<DeliveryState, List<long>>> AddAllStatesAsync(int ofEach)
    {
        var ids = new Dictionary<DeliveryState, List<long>>();
        // Ready comes last: on the way to the other states, whatever is ready is leased.
        foreach (var state in AllStates.Except([DeliveryState.Ready]).Append(DeliveryState.Ready))
        {
            ids[state] = [];
            for (var i = 0; i < ofEach; i++)
            {
                ids[state].Add(await AddInStateAsync(state));
            }
        }

        return ids;
    }
}
