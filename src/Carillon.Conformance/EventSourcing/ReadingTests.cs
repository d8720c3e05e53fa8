using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>Streams, and all events, are read in both directions and by pages.</summary>
public abstract class ReadingTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    [Fact]
    public async Task A_stream_is_read_forwards_from_any_version()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(10));

        (await VersionsAsync(1, ReadDirection.Forwards, 4)).ShouldBe([1, 2, 3, 4]);
        (await VersionsAsync(9, ReadDirection.Forwards, 4)).ShouldBe([9, 10]);
        (await VersionsAsync(11, ReadDirection.Forwards, 4)).ShouldBeEmpty();
        (await VersionsAsync(long.MaxValue, ReadDirection.Forwards, 4)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_is_read_backwards_from_any_version()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(10));

        (await VersionsAsync(long.MaxValue, ReadDirection.Backwards, 3)).ShouldBe([10, 9, 8]);
        (await VersionsAsync(2, ReadDirection.Backwards, 3)).ShouldBe([2, 1]);
        (await VersionsAsync(0, ReadDirection.Backwards, 3)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_that_is_not_there_has_nothing()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());

        (await ReadAsync("poll-10")).ShouldBeEmpty();
        (await ReadAsync("poll")).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_events_are_read_in_the_order_in_which_they_were_appended()
    {
        var given = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            var events = TestEvents.Many(3);
            given.AddRange(events.Select(each => each.Envelope.Id));
            await AppendAsync(i % 2 == 0 ? "poll-1" : "poll-2", ExpectedVersion.Any, events);
        }

        var all = await ReadAllAsync();

        all.Select(each => each.Envelope.Id).ShouldBe(given);
        all.Select(each => each.Position).ShouldBeInOrder(SortDirection.Ascending);
        all[0].Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task All_events_are_read_by_pages_between_two_positions()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(10));
        var positions = (await ReadAllAsync()).Select(each => each.Position).ToList();

        (await PositionsAsync(positions[1], positions[7], ReadDirection.Forwards, 4)).ShouldBe(positions[2..6]);
        (await PositionsAsync(positions[5], positions[7], ReadDirection.Forwards, 4)).ShouldBe(positions[6..8]);
        (await PositionsAsync(positions[7], positions[7], ReadDirection.Forwards, 4)).ShouldBeEmpty();
        (await PositionsAsync(positions[1], positions[7], ReadDirection.Backwards, 4)).ShouldBe(Enumerable.Reverse(positions[4..8]));
        (await PositionsAsync(positions[5], positions[7], ReadDirection.Backwards, 4)).ShouldBe(Enumerable.Reverse(positions[6..8]));
    }

    [Fact]
    public async Task The_end_is_the_last_position()
    {
        (await Store.FindEndAsync(Cancel)).ShouldBe(new StoreEnd(0, 0));

        var result = await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(10));

        (await Store.FindEndAsync(Cancel)).ShouldBe(new StoreEnd(result.Position, result.Position));
    }

    [Fact]
    public async Task A_page_of_nothing_is_a_mistake()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await VersionsAsync(1, ReadDirection.Forwards, 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await PositionsAsync(0, 1, ReadDirection.Forwards, 0));
    }

    private async ValueTask<IEnumerable<long>> VersionsAsync(long from, ReadDirection direction, int count) =>
        (await Store.ReadAsync(null, new StreamRead("poll-1", from, direction, count), Cancel)).Select(each => each.Version);

    private async ValueTask<IEnumerable<long>> PositionsAsync(long after, long upTo, ReadDirection direction, int count) =>
        (await Store.ReadAllAsync(after, upTo, direction, count, Cancel)).Select(each => each.Position);
}
