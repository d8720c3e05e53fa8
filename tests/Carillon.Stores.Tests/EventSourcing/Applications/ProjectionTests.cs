using Carillon.EventSourcing;
using Carillon.Stores.Tests.Sagas;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

/// <summary>Whole applications with a projection, on a database.</summary>
public abstract partial class ProjectionTests<TPlace> : IAsyncLifetime
    where TPlace : ShopPlace, new()
{
    private readonly TPlace _place = new();
    private readonly Mishaps _mishaps = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected TPlace Place => _place;

    private protected Mishaps Mishaps => _mishaps;

    public ValueTask InitializeAsync() => _place.CreateTableAsync();

    public async ValueTask DisposeAsync()
    {
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_projection_takes_what_was_there_and_what_is_appended()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, "basket-1", new BasketFilled(1, 3), new BasketFilled(1, 4));
        await WaitAsync(application);

        var last = await AppendAsync(application, "basket-1", new BasketEmptied(1), new BasketFilled(1, 5));
        await Projections(application).WaitAsync("baskets", last.Position, Cancel);

        (await ItemsAsync(1)).ShouldBe(5);
        var state = await Projections(application).GetAsync("baskets", Cancel);
        (state.Generation, state.Status, state.Lag, state.Error).ShouldBe((1, ProjectionStatus.Running, 0, null));
        state.Owner.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_taken_is_not_taken_again_after_a_restart()
    {
        await using (var first = await StartAsync())
        {
            await AppendAsync(first, "basket-1", new BasketFilled(1, 3));
            await WaitAsync(first);
        }

        await using var second = await StartAsync();
        await AppendAsync(second, "basket-1", new BasketFilled(1, 4));
        await WaitAsync(second);

        (await ItemsAsync(1)).ShouldBe(7);
    }

    [Fact]
    public async Task Who_has_lost_the_lease_in_the_middle_of_a_batch_writes_nothing()
    {
        var isLost = false;
        _mishaps.OnFilled = async (_, run) =>
        {
            if (!isLost)
            {
                isLost = true;
                await using var steal = run.Transaction!.Connection!.CreateCommand();
                steal.Transaction = run.Transaction;
                steal.CommandText = $"UPDATE {ProjectionsTable} SET token = token + 1";
                await steal.ExecuteNonQueryAsync(Cancel);
            }
        };
        await using var application = await StartAsync();

        await AppendAsync(application, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(application);

        isLost.ShouldBeTrue();
        (await ItemsAsync(1)).ShouldBe(3);
    }

    [Fact]
    public async Task One_projection_that_fails_stops_alone()
    {
        _mishaps.OnFilled = (_, run) => run.Name == "baskets" ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;
        await using var application = await StartAsync(options => options.MaxAttempts = 1, carillon => carillon.AddProjection<OtherBaskets>("others"));
        var last = await AppendAsync(application, "basket-1", new BasketFilled(1, 3));

        await Projections(application).WaitAsync("others", last.Position, Cancel);

        await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));
        (await Projections(application).ListAsync(Cancel)).Select(state => (state.Name, state.Status)).ShouldBe(
            [("baskets", ProjectionStatus.Failed), ("others", ProjectionStatus.Running)]);
    }

    [Fact]
    public async Task The_event_that_failed_can_be_left_out()
    {
        _mishaps.OnFilled = (basket, _) => basket == 2 ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;
        await using var application = await StartAsync(options => options.MaxAttempts = 1);
        await AppendAsync(application, "basket-1", new BasketFilled(2, 3), new BasketFilled(1, 4));
        await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));

        await Projections(application).ResumeAsync("baskets", skipsFailed: true, Cancel);
        await WaitAsync(application);

        (await ItemsAsync(1)).ShouldBe(4);
        (await ItemsAsync(2)).ShouldBe(0);
    }

    [Fact] // Baskets removes what an earlier try has left in PrepareAsync.
    public async Task The_generation_is_prepared_though_its_very_first_event_is_left_out()
    {
        await _place.ExecuteAsync("INSERT INTO baskets (generation, basket, items) VALUES (1, 1, 1000)");
        _mishaps.OnFilled = (basket, _) => basket == 2 ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;
        await using var application = await StartAsync(options => options.MaxAttempts = 1);
        await AppendAsync(application, "basket-1", new BasketFilled(2, 3), new BasketFilled(1, 4));
        await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));

        await Projections(application).ResumeAsync("baskets", skipsFailed: true, Cancel);
        await WaitAsync(application);

        (await ItemsAsync(1)).ShouldBe(4);
    }

    [Fact]
    public async Task A_paused_projection_takes_nothing_until_it_is_resumed()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(application);
        await Projections(application).PauseAsync("baskets", Cancel);

        await AppendAsync(application, "basket-1", new BasketFilled(1, 4));
        var exception = await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));

        exception.Message.ShouldContain("paused at 1");
        (await Projections(application).GetAsync("baskets", Cancel)).Lag.ShouldBe(1);
        await Projections(application).ResumeAsync("baskets", cancellationToken: Cancel);
        await WaitAsync(application);
        (await ItemsAsync(1)).ShouldBe(7);
    }

    [Fact]
    public async Task Of_several_processes_one_runs_the_projection_and_another_goes_on_when_it_ends()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        await AppendAsync(second, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(second);
        var owner = (await Projections(second).GetAsync("baskets", Cancel)).Owner;

        await first.DisposeAsync();
        await AppendAsync(second, "basket-1", new BasketFilled(1, 4));
        await WaitAsync(second);

        owner.ShouldNotBeNull();
        (await ItemsAsync(1)).ShouldBe(7);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_rebuild_makes_another_generation_while_the_first_one_is_read_and_takes_its_place()
    {
        await using var application = await StartAsync(options => options.BatchSize = 10);
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(application, "basket-1", [.. Enumerable.Range(0, 10).Select(_ => new BasketFilled(1, 1))]);
        }

        await WaitAsync(application);
        // Somebody has spoiled the read model.
        await _place.ExecuteAsync("UPDATE baskets SET items = 1 WHERE generation = 1");
        var seen = new List<(int Generation, int Items)>();
        _mishaps.OnFilled = async (_, run) =>
        {
            if (run.IsRebuild && seen.Count == 0)
            {
                // While it is built, the one that is read is there and goes on.
                seen.Add((await LiveGenerationAsync(application), await ItemsAsync(1)));
            }
        };
        var progress = new Progress();

        var generation = await Projections(application).RebuildAsync("baskets", progress, Cancel);

        generation.ShouldBe(2);
        (await LiveGenerationAsync(application)).ShouldBe(2);
        (await _place.ReadAsync<int>("SELECT items FROM baskets WHERE generation = 2 AND basket = 1")).ShouldBe(100);
        (await _place.ReadAsync<int>("SELECT count(*) FROM baskets WHERE generation = 1")).ShouldBe(0);
        progress.Told.Count.ShouldBeGreaterThanOrEqualTo(10);
        progress.Told[0].ShouldBe(new RebuildProgress("baskets", 2, 10, 10, 100));
        progress.Told[^1].ShouldBe(new RebuildProgress("baskets", 2, 100, 100, 100));
        seen.ShouldBe([(1, 1)]);
        await AppendAsync(application, "basket-1", new BasketFilled(1, 1));
        await WaitAsync(application);
        (await _place.ReadAsync<int>("SELECT items FROM baskets WHERE generation = 2 AND basket = 1")).ShouldBe(101);
    }

    [Fact]
    public async Task A_rebuild_that_fails_leaves_what_is_read_and_the_next_one_removes_its_remains()
    {
        await using var application = await StartAsync(options => (options.BatchSize, options.MaxAttempts) = (1, 1));
        await AppendAsync(application, "basket-1", new BasketFilled(1, 3), new BasketFilled(2, 4));
        await WaitAsync(application);
        _mishaps.OnFilled = (basket, run) => basket == 2 && run.IsRebuild ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;

        var exception = await Should.ThrowAsync<CarillonException>(async () => await Projections(application).RebuildAsync("baskets", cancellationToken: Cancel));

        exception.Message.ShouldContain("the disk burns");
        exception.Message.ShouldContain("generation 2");
        (await LiveGenerationAsync(application)).ShouldBe(1);
        (await ItemsAsync(2)).ShouldBe(4);
        (await _place.ReadAsync<int>("SELECT count(*) FROM baskets WHERE generation = 2")).ShouldBe(1);
        _mishaps.OnFilled = null;
        (await Projections(application).RebuildAsync("baskets", cancellationToken: Cancel)).ShouldBe(3);
        (await _place.ReadAsync<int>("SELECT count(*) FROM baskets WHERE generation < 3")).ShouldBe(0);
        (await _place.ReadAsync<int>("SELECT items FROM baskets WHERE generation = 3 AND basket = 2")).ShouldBe(4);
    }

    [Fact]
    public async Task What_is_appended_in_a_unit_of_work_is_there_with_it_or_not_at_all()
    {
        await using var application = await StartAsync();
        foreach (var commits in new[] { false, true })
        {
            await using var scope = application.Services.CreateAsyncScope();
            await using var connection = await _place.ConnectAsync();
            await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel);
            var store = scope.ServiceProvider.GetRequiredService<IEventStore>();
            await store.AppendAsync("basket-1", ExpectedVersion.NoStream, [new BasketFilled(1, 3)], cancellationToken: Cancel);
            (await store.FindVersionAsync("basket-1", Cancel)).ShouldBe(1);
            if (commits)
            {
                await work.CommitAsync(Cancel);
            }
        }

        await WaitAsync(application);
        (await ItemsAsync(1)).ShouldBe(3);
    }

    [Fact]
    public async Task An_event_that_nothing_here_knows_holds_the_projection_up_and_a_release_that_knows_it_goes_on()
    {
        await using (var newer = await StartAsync(configure: carillon => carillon.AddEvent<BasketRenamed>(), runs: false))
        {
            await AppendAsync(newer, "basket-1", new BasketFilled(1, 3), new BasketRenamed(1, "for the weekend"), new BasketFilled(1, 4));
        }

        await _place.ExecuteAsync($"UPDATE {EventsTable} SET event_name = 'basket.burnt' WHERE event_name = 'basket.renamed'");
        await using (var older = await StartAsync())
        {
            await Projections(older).WaitAsync("baskets", 1, Cancel);
            while ((await Projections(older).GetAsync("baskets", Cancel)).Error is null)
            {
                await Task.Yield();
            }

            var waiting = await Projections(older).GetAsync("baskets", Cancel);
            (waiting.Status, waiting.Position).ShouldBe((ProjectionStatus.Running, 1));
            waiting.Error.ShouldNotBeNull().ShouldContain("'basket.burnt' at position 2");
        }

        await using var knows = await StartAsync(options => options.SkipsUnknown = true);
        await WaitAsync(knows);
        (await ItemsAsync(1)).ShouldBe(7);
        (await Projections(knows).GetAsync("baskets", Cancel)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_projection_that_the_container_cannot_make_stops_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(async () => await Application.StartAsync(carillon =>
        {
            _place.Use(carillon.AddListeners());
            carillon.AddProjection<Baskets>("baskets");
        }));

        exception.Message.ShouldContain("'Baskets.Fill'");
        exception.Message.ShouldContain(typeof(Mishaps).ToString());
    }

    private string ProjectionsTable => typeof(TPlace) == typeof(SqliteShopPlace) ? "carillon_projections" : "projections";

    private string EventsTable => typeof(TPlace) == typeof(SqliteShopPlace) ? "carillon_events" : "events";

    private static IProjections Projections(Application application) => application.Services.GetRequiredService<IProjections>();

    private protected static async ValueTask<AppendResult> AppendAsync(Application application, string stream, params object[] events)
    {
        await using var scope = application.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IEventStore>().AppendAsync(stream, ExpectedVersion.Any, events, cancellationToken: Cancel);
    }

    private protected static async ValueTask WaitAsync(Application application)
    {
        await using var scope = application.Services.CreateAsyncScope();
        var end = await scope.ServiceProvider.GetRequiredService<IEventStore>().FindEndAsync(Cancel);
        await Projections(application).WaitAsync("baskets", end.Last, Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancel);
    }

    private static async ValueTask<int> LiveGenerationAsync(Application application) => (await Projections(application).GetAsync("baskets", Cancel)).Generation;

    private protected async ValueTask<int> ItemsAsync(int basket) => await _place.ReadAsync<int>($"SELECT coalesce(sum(items), 0) FROM baskets WHERE generation = 1 AND basket = {basket}");

    private protected Task<Application> StartAsync(Action<ProjectionOptions>? options = null, Action<CarillonBuilder>? configure = null, bool runs = true) =>
        Application.StartAsync(
            carillon =>
            {
                carillon.AddListeners();
                _place.Use(carillon);
                carillon.UseEventStore(store => store.PollInterval = TimeSpan.FromMilliseconds(20));
                if (runs)
                {
                    carillon.AddProjection<Baskets>("baskets", options);
                }

                configure?.Invoke(carillon);
            },
            // The sagas of this assembly are registered with its projections.
            services => services.AddMetrics().AddSingleton(_mishaps).AddSingleton(new Journal()));

    private sealed class Progress : IProgress<RebuildProgress>
    {
        public List<RebuildProgress> Told { get; } = [];

        public void Report(RebuildProgress value) => Told.Add(value);
    }
}

public sealed class PostgresProjectionTests : ProjectionTests<PostgresShopPlace>
{
    [Fact] // SQLite has one writer: while a batch is open, nobody can take the projection over.
    public async Task The_lease_is_renewed_while_a_batch_is_open()
    {
        const string read = "SELECT lease_until FROM projections";
        var renewals = 0;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        Mishaps.OnFilled = async (_, _) =>
        {
            for (var before = await Place.ReadAsync<long>(read); renewals < 2; renewals++)
            {
                var until = before;
                while (until == before)
                {
                    deadline.Token.ThrowIfCancellationRequested();
                    until = await Place.ReadAsync<long>(read);
                }

                before = until;
            }
        };
        await using var application = await StartAsync(
            options => options.MaxAttempts = 1, carillon => carillon.UseEventStore(store => store.LeaseDuration = TimeSpan.FromSeconds(1)));

        await AppendAsync(application, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(application);

        renewals.ShouldBe(2);
        (await ItemsAsync(1)).ShouldBe(3);
    }
}

public sealed class SqliteProjectionTests : ProjectionTests<SqliteShopPlace>;
