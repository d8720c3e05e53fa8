using Carillon.Postgres.Deliveries.Internal;
using Carillon.Testing;

namespace Carillon.Postgres.Tests.Plans;

public sealed class ClaimCourseTests
{
    private static readonly ClaimMarks Marks = ClaimMarks.None with { Normal = new ClaimMark(10, 7) };

    private readonly SimulatedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly ClaimCourse _course;

    public ClaimCourseTests() => _course = new ClaimCourse(_time);

    [Fact]
    public void The_first_claim_begins_at_the_beginning() => _course.Next().ShouldBeNull();

    [Fact]
    public void Once_very_many_were_found_in_a_row_the_next_claim_begins_where_the_last_one_ended()
    {
        Whole(milliseconds: 2, foundAll: true, found: ClaimCourse.LongRun - 1);
        _course.Next().ShouldBeNull();

        Whole(milliseconds: 2, foundAll: true, found: 1);
        _course.Next().ShouldBe(Marks);
    }

    [Fact]
    public void A_claim_that_finds_too_little_ends_the_run()
    {
        Whole(milliseconds: 2, foundAll: true);
        Whole(milliseconds: 2, foundAll: false);
        Whole(milliseconds: 2, foundAll: true, found: 100);

        _course.Next().ShouldBeNull();
    }

    [Fact]
    public void One_from_the_beginning_comes_round_after_ten_times_as_long_as_the_last_one_took()
    {
        Whole(milliseconds: 2, foundAll: true);

        _time.Advance(TimeSpan.FromMilliseconds(19));
        _course.Next().ShouldBe(Marks);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _course.Next().ShouldBeNull();
    }

    [Fact]
    public void Who_found_too_little_behind_the_mark_looks_again_from_the_beginning_at_once()
    {
        Whole(milliseconds: 2, foundAll: true);
        Behind(foundAll: false);

        _course.IsToLookAgain().ShouldBeTrue();
        _course.Next().ShouldBeNull();
    }

    [Fact]
    public void Where_very_many_are_gone_one_from_the_beginning_is_worth_its_while_only_now_and_then()
    {
        Whole(milliseconds: 300, foundAll: false, gone: ClaimCourse.Many);
        _course.Next().ShouldBe(Marks);
        Behind(foundAll: false);

        _course.IsToLookAgain().ShouldBeFalse();
        _course.Next().ShouldBe(Marks);
        _time.Advance(TimeSpan.FromSeconds(3));
        _course.IsToLookAgain().ShouldBeTrue();
        _course.Next().ShouldBeNull();
    }

    [Fact]
    public void A_mark_never_moves_back()
    {
        ClaimCourse.Behind(Marks, [Row(9, 100)], now: 50).Normal.ShouldBe(Marks.Normal);
        ClaimCourse.Behind(Marks, [Row(10, 8)], now: 50).Normal.ShouldBe(new ClaimMark(10, 8));
    }

    [Fact]
    public void Leases_that_have_ended_are_left_behind_only_when_there_was_room_for_all_of_them()
    {
        ClaimCourse.Behind(Marks, [], now: 50).LeaseUntil.ShouldBe(50);
        ClaimCourse.Behind(Marks, [Row(9, 8, ended: 1), Row(10, 9, isLease: true, ended: 1)], now: 50).ShouldBe(Marks with { LeaseUntil = 50 });
        ClaimCourse.Behind(Marks, [Row(9, 8, ended: 2), Row(10, 9, isLease: true, ended: 2)], now: 50).ShouldBe(Marks);
        // There may have been room for no more.
        ClaimCourse.Behind(Marks, [Row(10, 9, isLease: true, ended: 1)], now: 50).ShouldBe(Marks);
    }

    private static ClaimedRow Row(long at, long id, bool isLease = false, long ended = 0) => new(id, DeliveryPriority.Normal, at, isLease, ended, null, null);

    private void Whole(int milliseconds, bool foundAll, long gone = 0, int found = ClaimCourse.LongRun)
    {
        var startedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _course.Ended(fromBeginning: true, startedAt, gone, found, foundAll, Marks);
    }

    private void Behind(bool foundAll) => _course.Ended(fromBeginning: false, _time.GetTimestamp(), gone: 0, found: 1, foundAll, Marks);
}
