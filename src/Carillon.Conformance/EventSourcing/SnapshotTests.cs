using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>A stream has one snapshot at the most, the latest.</summary>
public abstract class SnapshotTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    [Fact]
    public async Task A_snapshot_comes_back_as_it_was()
    {
        (await Store.FindSnapshotAsync(null, "poll-1", Cancel)).ShouldBeNull();

        await Store.SaveSnapshotAsync(null, Snapshot(7, "{\"votes\":3}"), Cancel);

        var found = (await Store.FindSnapshotAsync(null, "poll-1", Cancel)).ShouldNotBeNull();
        found.Stream.ShouldBe("poll-1");
        found.Version.ShouldBe(7);
        found.Shape.ShouldBe("Votes");
        found.Time.ShouldBe(Now.AddTicks(3));
        found.State.ToArray().ShouldBe("{\"votes\":3}"u8.ToArray());
        (await Store.FindSnapshotAsync(null, "poll-2", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_later_one_takes_the_place_of_an_earlier_one_and_not_the_other_way_round()
    {
        await Store.SaveSnapshotAsync(null, Snapshot(7, "1"), Cancel);
        await Store.SaveSnapshotAsync(null, Snapshot(9, "2"), Cancel);
        await Store.SaveSnapshotAsync(null, Snapshot(8, "3"), Cancel);
        await Store.SaveSnapshotAsync(null, Snapshot(9, "4"), Cancel);

        var found = (await Store.FindSnapshotAsync(null, "poll-1", Cancel)).ShouldNotBeNull();

        found.Version.ShouldBe(9);
        found.State.ToArray().ShouldBe("4"u8.ToArray());
    }

    [Fact]
    public async Task A_snapshot_that_is_rolled_back_was_never_there()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await using (var connection = await ConnectAsync())
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await Store.SaveSnapshotAsync(transaction, Snapshot(7, "1"), Cancel);
            (await Store.FindSnapshotAsync(transaction, "poll-1", Cancel)).ShouldNotBeNull();
        }

        (await Store.FindSnapshotAsync(null, "poll-1", Cancel)).ShouldBeNull();
    }

    private static StoredSnapshot Snapshot(long version, string state) => new()
    {
        Stream = "poll-1",
        Version = version,
        Shape = "Votes",
        Time = Now.AddTicks(3),
        State = System.Text.Encoding.UTF8.GetBytes(state),
    };
}
