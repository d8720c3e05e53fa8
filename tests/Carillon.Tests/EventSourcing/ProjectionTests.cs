using Carillon.EventSourcing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

/// <summary>What projections do whatever the database.</summary>
public sealed class ProjectionTests
{
    private readonly Bank _bank = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_methods_take_stored_events_in_their_order_and_no_dispatch_reaches_them()
    {
        await using var application = await StartAsync();
        await application.Events.DispatchAsync(new Deposited(100), Cancel);

        await AppendAsync(application, new Deposited(3), new Withdrawn(1));
        await WaitAsync(application, 2);

        _bank.Heard.ShouldBe(["account.deposited 3", "account.withdrawn 1"]);
        _bank.Balances.ShouldBe(new Dictionary<(string, int, string), int> { [("balances", 1, "account-1")] = 2 });
    }

    [Fact]
    public async Task Batches_are_as_large_as_was_said()
    {
        await using var application = await StartAsync(options => options.BatchSize = 4, start: false);
        await AppendAsync(application, [.. Enumerable.Range(0, 10).Select(_ => new Deposited(1))]);

        await Projections(application).ResumeAsync("balances", cancellationToken: Cancel);
        await WaitAsync(application, 10);

        _bank.Batches.ShouldBe([4, 4, 2]);
    }

    [Fact]
    public async Task A_large_batch_is_read_in_pages_and_is_one_all_the_same()
    {
        await using var application = await StartAsync(options => options.BatchSize = 2_500, start: false);
        await AppendAsync(application, [.. Enumerable.Repeat(new Deposited(1), 3_100)]);

        await Projections(application).ResumeAsync("balances", cancellationToken: Cancel);
        await WaitAsync(application, 3_100);

        _bank.Batches.ShouldBe([2_500, 600]);
        _bank.Balances[("balances", 1, "account-1")].ShouldBe(3_100);
    }

    [Fact]
    public async Task An_event_that_fails_deep_in_a_large_batch_is_found_and_what_came_before_it_is_completed()
    {
        _bank.OnAdd = run =>
        {
            if (run.Event!.Position == 2_345)
            {
                throw new InvalidOperationException("the disk burns");
            }
        };
        await using var application = await StartAsync(options => (options.BatchSize, options.MaxAttempts) = (2_500, 1), start: false);
        await AppendAsync(application, [.. Enumerable.Repeat(new Deposited(1), 3_100)]);

        await Projections(application).ResumeAsync("balances", cancellationToken: Cancel);
        var exception = await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application, 3_100));

        exception.Message.ShouldContain("'account.deposited' at position 2345 (stream 'account-1', version 2345) failed: the disk burns");
        _bank.Batches.ShouldBe([2_344]);
        var state = await Projections(application).GetAsync("balances", Cancel);
        (state.Position, state.FailedPosition).ShouldBe((2_344, 2_345));
    }

    [Fact]
    public async Task An_event_that_fails_is_tried_as_often_as_was_said_and_what_came_before_it_is_not()
    {
        var attempts = 0;
        _bank.OnAdd = run =>
        {
            if (run.Event!.Position == 3 && ++attempts < 4)
            {
                throw new InvalidOperationException("the disk burns");
            }
        };
        await using var application = await StartAsync(options => options.MaxAttempts = 4, carillon => carillon.ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(1)));

        await AppendAsync(application, new Deposited(1), new Deposited(1), new Deposited(1), new Deposited(1));
        await WaitAsync(application, 4);

        attempts.ShouldBe(4);
        application.Log.Entries.Count(entry => entry.Id == 461).ShouldBe(2);
    }

    [Fact]
    public async Task A_method_that_wants_to_put_an_event_off_is_told_that_it_cannot()
    {
        await using var application = await StartAsync(options => options.MaxAttempts = 1, carillon => carillon.AddProjection<Snoozes>("snoozes", options => options.MaxAttempts = 1));
        await AppendAsync(application, new Deposited(1));

        var exception = await Should.ThrowAsync<CarillonException>(async () => await Projections(application).WaitAsync("snoozes", 1, Cancel));

        exception.Message.ShouldContain("A projection called Snooze");
    }

    [Fact]
    public async Task A_rebuild_activates_the_new_generation_and_retires_the_old_one()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, new Deposited(3), new Withdrawn(1));
        await WaitAsync(application, 2);

        (await Projections(application).RebuildAsync("balances", cancellationToken: Cancel)).ShouldBe(2);

        _bank.Balances[("balances", 2, "account-1")].ShouldBe(2);
        _bank.Activated.ShouldBe([2]);
        _bank.Retired.ShouldBe([1]);
        (await Projections(application).GetAsync("balances", Cancel)).Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Two_rebuilds_of_one_projection_do_not_run_side_by_side()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, new Deposited(3));
        await WaitAsync(application, 1);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goOn = new ManualResetEventSlim();
        _bank.OnAdd = run =>
        {
            if (run.IsRebuild)
            {
                inside.TrySetResult();
                goOn.Wait(Cancel);
            }
        };
        var first = Task.Run(async () => await Projections(application).RebuildAsync("balances", cancellationToken: Cancel), Cancel);
        await inside.Task.WaitAsync(Cancel);

        var exception = await Should.ThrowAsync<CarillonException>(async () => await Projections(application).RebuildAsync("balances", cancellationToken: Cancel));
        (await Projections(application).GetAsync("balances", Cancel)).Building.ShouldNotBeNull().Generation.ShouldBe(2);
        goOn.Set();

        exception.Message.ShouldContain("is being rebuilt already");
        exception.Message.ShouldContain("generation 2");
        (await first).ShouldBe(2);
    }

    [Fact]
    public async Task A_rebuild_that_is_given_up_leaves_what_is_read()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, new Deposited(3));
        await WaitAsync(application, 1);
        using var givenUp = new CancellationTokenSource();
        _bank.OnAdd = _ => givenUp.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Projections(application).RebuildAsync("balances", cancellationToken: givenUp.Token));
        _bank.OnAdd = null;

        (await Projections(application).GetAsync("balances", Cancel)).Generation.ShouldBe(1);
        (await Projections(application).RebuildAsync("balances", cancellationToken: Cancel)).ShouldBe(3);
        _bank.Retired.ShouldBe([2, 1]);
    }

    [Fact]
    public async Task A_projection_that_fails_in_a_process_that_stops_meanwhile_does_not_keep_it_from_stopping()
    {
        _bank.OnAdd = _ => throw new InvalidOperationException("the disk burns");
        var application = await StartAsync(options => options.MaxAttempts = 1_000);
        await AppendAsync(application, new Deposited(3));
        await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Any(entry => entry.Id == 461)));

        await application.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private static IProjections Projections(Application application) => application.Services.GetRequiredService<IProjections>();

    private static ValueTask WaitAsync(Application application, long position) => Projections(application).WaitAsync("balances", position, Cancel);

    private static async Task AppendAsync(Application application, params object[] events) =>
        await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, events, cancellationToken: Cancel);

    private async Task<Application> StartAsync(Action<ProjectionOptions>? options = null, Action<CarillonBuilder>? configure = null, bool start = true)
    {
        var database = new Carillon.EventSourcing.InMemory.InMemoryStreamDatabase();
        if (!start)
        {
            await database.Projections.EnsureAsync("balances", Cancel);
            await database.Projections.PauseAsync("balances", Cancel);
        }

        return await Application.StartAsync(
            carillon =>
            {
                Balances.AddMethods(Snoozes.AddMethods(carillon)).AddEvent<Deposited>().AddEvent<Withdrawn>().UseEventStore(_ => database).AddProjection<Balances>("balances", options);
                configure?.Invoke(carillon);
            },
            services => services.AddSingleton(_bank));
    }
}
