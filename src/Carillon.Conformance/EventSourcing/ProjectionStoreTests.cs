using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>How far projections have come, and who may say so.</summary>
public abstract class ProjectionStoreTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    private static DateTimeOffset Until => Now.AddSeconds(30);

    [Fact]
    public async Task The_first_generation_is_made_once_and_is_live()
    {
        await Projections.EnsureAsync("results", Cancel);
        await Projections.EnsureAsync("results", Cancel);

        (await Projections.ListAsync(null, Cancel)).ShouldHaveSingleItem().ShouldBe(new ProjectionSnapshot
        {
            Name = "results",
            Generation = 1,
            Role = ProjectionRole.Live,
            Status = ProjectionStatus.Running,
            Position = 0,
        });
        (await Projections.ListAsync("another", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_process_at_a_time_has_the_lease()
    {
        var lease = await LeaseAsync("process 1");

        (await Projections.LeaseAsync("results", 1, "process 2", Now.AddSeconds(29), Until, Cancel)).ShouldBeNull();
        var row = await ReadAsync();
        row.Owner.ShouldBe("process 1");
        row.LeaseUntil.ShouldBe(Until);
        lease.Position.ShouldBe(0);
    }

    [Fact]
    public async Task Who_has_lost_the_lease_writes_nothing_any_more() // fencing
    {
        var lost = await LeaseAsync("process 1");
        (await Projections.AdvanceAsync(null, lost, 5, Until, Cancel)).ShouldBeTrue();
        var taken = (await Projections.LeaseAsync("results", 1, "process 2", Until, Until.AddSeconds(30), Cancel)).ShouldNotBeNull();

        (await Projections.AdvanceAsync(null, lost, 9, Until, Cancel)).ShouldBeFalse();
        await Projections.ReleaseAsync(lost, "too late", 7, Cancel);

        taken.Position.ShouldBe(5);
        taken.Token.ShouldBeGreaterThan(lost.Token);
        var row = await ReadAsync();
        row.Position.ShouldBe(5);
        row.Owner.ShouldBe("process 2");
        row.Status.ShouldBe(ProjectionStatus.Running);
        row.Error.ShouldBeNull();
        (await Projections.AdvanceAsync(null, taken, 9, Until, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_there_for_others()
    {
        var lease = await LeaseAsync("process 1");
        await Projections.AdvanceAsync(null, lease, 5, Until, Cancel);

        await Projections.ReleaseAsync(lease, null, null, Cancel);

        (await ReadAsync()).Owner.ShouldBeNull();
        (await Projections.LeaseAsync("results", 1, "process 2", Now, Until, Cancel)).ShouldNotBeNull().Position.ShouldBe(5);
    }

    [Fact]
    public async Task A_position_that_was_passed_extends_the_lease_and_nothing_else()
    {
        var lease = await LeaseAsync("process 1");
        await Projections.AdvanceAsync(null, lease, 5, Until, Cancel);

        (await Projections.AdvanceAsync(null, lease, 3, Until.AddSeconds(10), Cancel)).ShouldBeTrue();

        var row = await ReadAsync();
        (row.Position, row.LeaseUntil).ShouldBe((5, Until.AddSeconds(10)));
    }

    [Fact]
    public async Task What_is_written_with_the_read_model_is_there_with_it_or_not_at_all()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        var lease = await LeaseAsync("process 1");
        await using var connection = await ConnectAsync();
        await using (var undone = await connection.BeginTransactionAsync(Cancel))
        {
            (await Projections.AdvanceAsync(undone, lease, 5, Until, Cancel)).ShouldBeTrue();
            await undone.RollbackAsync(Cancel);
        }

        (await ReadAsync()).Position.ShouldBe(0);
        await using (var done = await connection.BeginTransactionAsync(Cancel))
        {
            (await Projections.AdvanceAsync(done, lease, 5, Until, Cancel)).ShouldBeTrue();
            await done.CommitAsync(Cancel);
        }

        (await ReadAsync()).Position.ShouldBe(5);
    }

    [Fact]
    public async Task One_that_has_failed_says_why_and_goes_on_when_it_is_resumed()
    {
        var lease = await LeaseAsync("process 1");
        await Projections.AdvanceAsync(null, lease, 5, Until, Cancel);

        await Projections.ReleaseAsync(lease, "the disk burns", 6, Cancel);

        var failed = await ReadAsync();
        (failed.Status, failed.Error, failed.FailedPosition, failed.Position, failed.Owner).ShouldBe((ProjectionStatus.Failed, "the disk burns", 6, 5, null));
        (await Projections.LeaseAsync("results", 1, "process 2", Until, Until, Cancel)).ShouldBeNull();
        (await Projections.ResumeAsync("results", false, Cancel)).ShouldBeTrue();
        var resumed = await ReadAsync();
        (resumed.Status, resumed.Error, resumed.FailedPosition).ShouldBe((ProjectionStatus.Running, null, null));
        (await Projections.LeaseAsync("results", 1, "process 2", Now, Until, Cancel)).ShouldNotBeNull().Position.ShouldBe(5);
    }

    [Fact]
    public async Task The_event_that_it_failed_on_can_be_left_out()
    {
        await Projections.ReleaseAsync(await LeaseAsync("process 1"), "it is damaged", 6, Cancel);

        await Projections.ResumeAsync("results", skipsFailed: true, Cancel);

        (await Projections.LeaseAsync("results", 1, "process 2", Now, Until, Cancel)).ShouldNotBeNull().Position.ShouldBe(6);
    }

    [Fact]
    public async Task What_it_waits_for_is_forgotten_when_it_comes_on()
    {
        await Projections.ReleaseAsync(await LeaseAsync("process 1"), "nobody knows 'poll.closed' here", null, Cancel);
        (await ReadAsync()).Error.ShouldBe("nobody knows 'poll.closed' here");
        var lease = (await Projections.LeaseAsync("results", 1, "process 2", Now, Until, Cancel)).ShouldNotBeNull();

        await Projections.AdvanceAsync(null, lease, 0, Until, Cancel);
        (await ReadAsync()).Error.ShouldNotBeNull();
        await Projections.AdvanceAsync(null, lease, 1, Until, Cancel);

        (await ReadAsync()).Error.ShouldBeNull();
    }

    [Fact]
    public async Task One_that_is_paused_writes_nothing_until_it_is_resumed()
    {
        var lease = await LeaseAsync("process 1");

        (await Projections.PauseAsync("results", Cancel)).ShouldBeTrue();

        (await Projections.AdvanceAsync(null, lease, 5, Until, Cancel)).ShouldBeFalse();
        (await Projections.LeaseAsync("results", 1, "process 2", Until, Until, Cancel)).ShouldBeNull();
        (await Projections.ResumeAsync("results", false, Cancel)).ShouldBeTrue();
        (await Projections.LeaseAsync("results", 1, "process 2", Until, Until, Cancel)).ShouldNotBeNull();
        (await Projections.PauseAsync("another", Cancel)).ShouldBeFalse();
        (await Projections.ResumeAsync("another", false, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_generation_that_was_built_takes_the_place_of_the_live_one_once_it_has_come_as_far()
    {
        var live = await LeaseAsync("process 1");
        await Projections.AdvanceAsync(null, live, 5, Until, Cancel);
        var built = (await Projections.BeginAsync("results", "process 2", Now, Until, Cancel)).ShouldNotBeNull();

        built.Generation.ShouldBe(2);
        (await Projections.BeginAsync("results", "process 3", Now, Until, Cancel)).ShouldBeNull();
        await Projections.AdvanceAsync(null, built, 4, Until, Cancel);
        (await Projections.SwitchAsync(null, built, Cancel)).ShouldBeFalse();
        await Projections.AdvanceAsync(null, built, 5, Until, Cancel);
        (await Projections.SwitchAsync(null, built, Cancel)).ShouldBeTrue();

        (await Projections.ListAsync("results", Cancel)).Select(row => (row.Generation, row.Role, row.Owner)).ShouldBe(
            [(1, ProjectionRole.Retired, null), (2, ProjectionRole.Live, null)]);
        (await Projections.AdvanceAsync(null, live, 6, Until, Cancel)).ShouldBeFalse();
        (await Projections.LeaseAsync("results", 2, "process 1", Now, Until, Cancel)).ShouldNotBeNull().Position.ShouldBe(5);
        (await Projections.ForgetAsync(null, "results", 2, Cancel)).ShouldBeFalse();
        (await Projections.ForgetAsync(null, "results", 1, Cancel)).ShouldBeTrue();
        (await Projections.ListAsync("results", Cancel)).ShouldHaveSingleItem().Generation.ShouldBe(2);
    }

    [Fact]
    public async Task A_generation_that_nobody_builds_any_more_is_retired_by_the_next_one()
    {
        await Projections.EnsureAsync("results", Cancel);
        var abandoned = (await Projections.BeginAsync("results", "process 1", Now, Until, Cancel)).ShouldNotBeNull();

        var next = (await Projections.BeginAsync("results", "process 2", Until, Until.AddSeconds(30), Cancel)).ShouldNotBeNull();

        next.Generation.ShouldBe(3);
        (await Projections.AdvanceAsync(null, abandoned, 5, Until, Cancel)).ShouldBeFalse();
        (await Projections.SwitchAsync(null, abandoned, Cancel)).ShouldBeFalse();
        (await Projections.ListAsync("results", Cancel)).Select(row => row.Role).ShouldBe([ProjectionRole.Live, ProjectionRole.Retired, ProjectionRole.Building]);
    }

    [Fact]
    public async Task Of_many_who_want_the_lease_at_once_one_gets_it()
    {
        await Projections.EnsureAsync("results", Cancel);

        var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            number => Task.Run(async () => await Projections.LeaseAsync("results", 1, $"process {number}", Now, Until, Cancel), Cancel)));

        leases.Count(lease => lease is not null).ShouldBe(1);
    }

    private async ValueTask<ProjectionLease> LeaseAsync(string owner)
    {
        await Projections.EnsureAsync("results", Cancel);
        return (await Projections.LeaseAsync("results", 1, owner, Now, Until, Cancel)).ShouldNotBeNull();
    }

    private async ValueTask<ProjectionSnapshot> ReadAsync() => (await Projections.ListAsync("results", Cancel)).ShouldHaveSingleItem();
}
