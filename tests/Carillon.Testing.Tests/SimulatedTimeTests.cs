namespace Carillon.Testing.Tests;

public sealed class SimulatedTimeTests
{
    private readonly SimulatedTime _time = new(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_clock_stands_still_until_it_is_moved()
    {
        var start = _time.GetUtcNow();
        _time.GetUtcNow().ShouldBe(start);

        _time.Advance(TimeSpan.FromMinutes(3));

        (_time.GetUtcNow() - start).ShouldBe(TimeSpan.FromMinutes(3));
        _time.GetElapsedTime(start.UtcTicks).ShouldBe(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void Timers_go_off_in_order_and_see_their_own_time()
    {
        var start = _time.GetUtcNow();
        var seen = new List<double>();
        using var late = _time.CreateTimer(_ => seen.Add((_time.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var periodic = _time.CreateTimer(_ => seen.Add((_time.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));

        seen.ShouldBe([2, 4, 5, 6]);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_does_not_go_off()
    {
        var seen = 0;
        var disposed = _time.CreateTimer(_ => seen++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        disposed.Dispose();
        using var stopped = _time.CreateTimer(_ => seen++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromHours(1));

        seen.ShouldBe(0);
        disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_has_passed_it()
    {
        var delay = Task.Delay(TimeSpan.FromDays(1), _time, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromHours(23));
        delay.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromHours(1));

        await delay;
    }

    [Fact]
    public void The_clock_cannot_be_moved_backwards() =>
        Should.Throw<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));

    [Fact] // As when another thread moves it while a timer of no delay goes off
    public void The_clock_stays_where_a_timer_of_no_delay_has_moved_it()
    {
        var start = _time.GetUtcNow();

        using var timer = _time.CreateTimer(_ => _time.Advance(TimeSpan.FromHours(1)), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        _time.GetUtcNow().ShouldBe(start + TimeSpan.FromHours(1));
    }

    [Fact]
    public void The_clock_stays_where_whoever_moves_it_further_on_the_way_has_left_it()
    {
        var start = _time.GetUtcNow();
        using var timer = _time.CreateTimer(_ => _time.Advance(TimeSpan.FromHours(1)), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromMinutes(2));

        _time.GetUtcNow().ShouldBe(start + TimeSpan.FromMinutes(61));
    }
}
