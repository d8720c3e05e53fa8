using Carillon.Deliveries.Internal;

namespace Carillon.Tests.Deliveries;

/// <summary>How much of a queue this process takes in hand.</summary>
public sealed class LaneRoomTests
{
    private const int Batch = 4;

    private readonly Lane _lane = new(new LaneSettings("mail", MaxConcurrency: 3, Batch, Limit: 0, TimeSpan.FromSeconds(30), TimeSpan.Zero));

    [Fact]
    public void From_the_store_come_two_batches_and_of_its_own_three_more_before_anything_is_known()
    {
        _lane.StoreIsEmpty();

        _lane.ReserveUpTo(100).ShouldBe(2 * Batch);
        ReserveOwn().ShouldBe(3 * Batch);
        _lane.HasRoom.ShouldBeFalse();
    }

    [Fact]
    public void Ten_more_of_its_own_may_wait_while_they_are_gone_in_a_moment()
    {
        _lane.StoreIsEmpty();
        _lane.Note(TimeSpan.FromMilliseconds(5));

        ReserveOwn().ShouldBe((2 + 10) * Batch);
        _lane.ReserveUpTo(1).ShouldBe(0);
        _lane.Free(10 * Batch);
        _lane.ReserveUpTo(1).ShouldBe(0);
        _lane.Free(1);
        _lane.ReserveUpTo(2).ShouldBe(1);
    }

    [Fact]
    public void None_more_if_they_have_to_wait_for_long()
    {
        _lane.StoreIsEmpty();
        _lane.Note(TimeSpan.FromMilliseconds(5));
        _lane.Note(TimeSpan.FromSeconds(1));

        ReserveOwn().ShouldBe(2 * Batch);
    }

    [Fact]
    public void Nothing_of_its_own_overtakes_what_waits_in_the_store()
    {
        _lane.StoreIsEmpty();
        _lane.Note(TimeSpan.Zero);
        _lane.LookIntoStore();

        ReserveOwn().ShouldBe(0);
    }

    private int ReserveOwn()
    {
        var count = 0;
        while (_lane.TryReserve())
        {
            count++;
        }

        return count;
    }
}
