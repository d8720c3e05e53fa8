using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

/// <summary>What keeps a projection with the process that runs it, and what is told when it goes to another one.</summary>
public sealed class ProjectionLeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(14);

    private readonly Bank _bank = new();
    private readonly InMemoryStreamDatabase _database = new();
    private readonly SimulatedTime _time = new();
    private readonly TimersTold _timers;

    public ProjectionLeaseTests() => _timers = new TimersTold(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_fails_for_longer_than_the_lease_stops_the_projection_where_it_is_and_no_other_process_begins_anew()
    {
        var attempts = 0;
        _bank.OnAdd = _ =>
        {
            attempts++;
            throw new InvalidOperationException("the disk burns");
        };
        await using var application = await StartAsync(options => options.MaxAttempts = 7);
        await AppendAsync(application, new Deposited(3));

        // 1, 2, 4, 8, 16 and 32 seconds: during the last of them a lease of 30 seconds that nobody renews ends.
        var second = TimeSpan.FromSeconds(1);
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(63);)
        {
            for (var wait = await NextWaitAsync(); wait > TimeSpan.Zero; wait -= second, waited += second)
            {
                (await LeaseAsync("another process")).ShouldBeNull($"after {waited}");
                _time.Advance(second);
            }
        }

        var exception = await Should.ThrowAsync<CarillonException>(async () => await Projections(application).WaitAsync("balances", 1, Cancel));
        exception.Message.ShouldContain("the disk burns");
        attempts.ShouldBe(7);
        var state = await Projections(application).GetAsync("balances", Cancel);
        (state.Status, state.FailedPosition).ShouldBe((ProjectionStatus.Failed, 1));
        application.Log.Entries.Count(entry => entry.Id == 462).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_takes_longer_than_the_lease_keeps_it()
    {
        var others = new List<ProjectionLease?>();
        _bank.OnAdd = run =>
        {
            for (var slice = 0; run.Event!.Position == 1 && slice < 6; slice++)
            {
                _time.Advance(Lease / 3);
                WaitForRenewal();
                others.Add(LeaseAsync("another process").AsTask().Result);
            }
        };
        await using var application = await StartAsync();

        await AppendAsync(application, new Deposited(3), new Deposited(4));
        await Projections(application).WaitAsync("balances", 2, Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancel);

        others.Count.ShouldBe(6);
        others.ShouldAllBe(lease => lease == null);
        _bank.Batches.ShouldBe([2]);
        (await RowAsync()).LeaseUntil.ShouldBe(_time.GetUtcNow() + Lease, "it lasts from the end of the batch on");
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 468);
    }

    [Fact]
    public async Task Who_has_lost_the_lease_says_so()
    {
        var isTaken = false;
        _bank.OnAdd = _ =>
        {
            if (!isTaken)
            {
                isTaken = true;
                // As if this process had been suspended: nobody has renewed it.
                _database.Projections.LeaseAsync("balances", 1, "another process", _time.GetUtcNow() + Lease, _time.GetUtcNow() + (2 * Lease), Cancel).AsTask().Result.ShouldNotBeNull();
            }
        };
        await using var application = await StartAsync();
        await AppendAsync(application, new Deposited(3));

        await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Any(entry => entry.Id == 468)));

        var lost = application.Log.Entries.Single(entry => entry.Id == 468);
        lost.Message.ShouldContain("balances");
        lost.Message.ShouldContain("another process");
    }

    [Fact]
    public async Task That_somebody_has_paused_it_is_no_loss()
    {
        _bank.OnAdd = _ => _database.Projections.PauseAsync("balances", Cancel).AsTask().Result.ShouldBeTrue();
        await using var application = await StartAsync();
        await NextPollAsync();
        await AppendAsync(application, new Deposited(3));

        await NextPollAsync();

        (await RowAsync()).Status.ShouldBe(ProjectionStatus.Paused);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 468);
    }

    private static IProjections Projections(Application application) => application.Services.GetRequiredService<IProjections>();

    private static async Task AppendAsync(Application application, params object[] events) =>
        await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, events, cancellationToken: Cancel);

    private async Task<TimeSpan> NextWaitAsync() =>
        await _timers.NextAsync(static set => set != Poll, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    // It has seen that there is nothing to be done for a while.
    private async Task NextPollAsync() => await _timers.NextAsync(static set => set == Poll, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    private void WaitForRenewal() =>
        SpinWait.SpinUntil(() => RowAsync().Result.LeaseUntil == _time.GetUtcNow() + Lease, TimeSpan.FromSeconds(30)).ShouldBeTrue();

    private ValueTask<ProjectionLease?> LeaseAsync(string owner) =>
        _database.Projections.LeaseAsync("balances", 1, owner, _time.GetUtcNow(), _time.GetUtcNow() + Lease, Cancel);

    private async Task<ProjectionSnapshot> RowAsync() => (await _database.Projections.ListAsync("balances", Cancel)).ShouldHaveSingleItem();

    private async Task<Application> StartAsync(Action<ProjectionOptions>? options = null) => await Application.StartAsync(
        carillon => Balances.AddMethods(carillon)
            .AddEvent<Deposited>()
            .AddEvent<Withdrawn>()
            .ConfigureRetries(retries => retries.Jitter = 0)
            .UseEventStore(_ => _database, store => (store.LeaseDuration, store.PollInterval) = (Lease, Poll))
            .AddProjection<Balances>("balances", options),
        services => services.AddSingleton(_bank).AddSingleton<TimeProvider>(_timers));
}
