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
    public void Behind_a_claim_that_found_all_it_wanted_the_next_one_begins_where_that_one_ended()
    {
        Whole(milliseconds: 2, foundAll: true);

        _course.Next().ShouldBe(Marks);
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
        var marks = ClaimCourse.Behind(Marks, DeliveryPriority.Normal, isLease: false, 9, 100);
        marks.ShouldBe(Marks);

        marks = ClaimCourse.Behind(Marks, DeliveryPriority.Normal, isLease: false, 10, 8);
        marks.Normal.ShouldBe(new ClaimMark(10, 8));

        ClaimCourse.Behind(marks, DeliveryPriority.High, isLease: true, 99, 1).ShouldBe(marks with { LeaseUntil = 99 });
    }

    private void Whole(int milliseconds, bool foundAll, long gone = 0)
    {
        var startedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _course.Ended(fromBeginning: true, startedAt, gone, foundAll, Marks);
    }

    private void Behind(bool foundAll) => _course.Ended(fromBeginning: false, _time.GetTimestamp(), gone: 0, foundAll, Marks);
}
