using System.Diagnostics.Metrics;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Carillon.Testing;
using Carillon.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

/// <summary>What gauges say of projections, from one look into the store.</summary>
public sealed class ProjectionGaugeTests
{
    private readonly Bank _bank = new();
    private readonly CountedDatabase _database = new();
    private readonly SimulatedTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_say_how_far_a_projection_is_behind_and_that_it_was_paused()
    {
        await using var application = await StartAsync();
        using var measures = MeasuresOf(application);
        await AppendAsync(application, new Deposited(3));
        await Projections(application).WaitAsync("balances", 1, Cancel);
        await Projections(application).PauseAsync("balances", Cancel);
        await AppendAsync(application, new Deposited(1), new Deposited(1));

        var lag = measures.Collect("carillon.projection.lag").ShouldHaveSingleItem();
        var stopped = Stopped(measures);

        lag.Value.ShouldBe(2);
        lag.Tags.ShouldBe(new Dictionary<string, object?> { ["carillon.projection.name"] = "balances" });
        stopped.ShouldBe([("balances", "failed", 0), ("balances", "paused", 1)]);
    }

    [Fact]
    public async Task They_say_that_one_has_failed_and_that_it_goes_on_again()
    {
        var isBroken = true;
        _bank.OnAdd = _ =>
        {
            if (isBroken)
            {
                throw new InvalidOperationException("the disk burns");
            }
        };
        await using var application = await StartAsync(options => options.MaxAttempts = 1);
        using var measures = MeasuresOf(application);
        await AppendAsync(application, new Deposited(3));
        await Should.ThrowAsync<CarillonException>(async () => await Projections(application).WaitAsync("balances", 1, Cancel));

        measures.Collect("carillon.projection.lag").ShouldHaveSingleItem().Value.ShouldBe(1);
        Stopped(measures).ShouldBe([("balances", "failed", 1), ("balances", "paused", 0)]);

        isBroken = false;
        await Projections(application).ResumeAsync("balances", cancellationToken: Cancel);
        await Projections(application).WaitAsync("balances", 1, Cancel);
        _time.Advance(TimeSpan.FromSeconds(5));

        measures.Collect("carillon.projection.lag").ShouldHaveSingleItem().Value.ShouldBe(0);
        Stopped(measures).ShouldBe([("balances", "failed", 0), ("balances", "paused", 0)]);
    }

    [Fact]
    public async Task The_store_is_asked_when_somebody_collects_once_for_both_and_every_five_seconds_at_most()
    {
        await using var application = await StartAsync();
        using var measures = MeasuresOf(application);
        var before = _database.Listed;

        measures.Collect("carillon.projection.lag");
        measures.Collect("carillon.projection.stopped");
        (_database.Listed - before).ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        measures.Collect("carillon.projection.lag");

        (_database.Listed - before).ShouldBe(2);
    }

    [Fact]
    public async Task The_store_is_not_asked_while_nobody_collects()
    {
        await using var application = await StartAsync();
        using var measures = MeasuresOf(application);
        await AppendAsync(application, new Deposited(3));
        await Projections(application).WaitAsync("balances", 1, Cancel);

        _database.Listed.ShouldBe(0);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_leaves_them_silent()
    {
        await using var application = await StartAsync();
        using var measures = MeasuresOf(application);
        measures.Collect("carillon.projection.lag").ShouldNotBeEmpty();
        _database.IsAway = true;
        _time.Advance(TimeSpan.FromSeconds(5));

        measures.Collect("carillon.projection.lag").ShouldBeEmpty();
        measures.Of("carillon.projection.stopped").ShouldBeEmpty();

        application.Log.Entries.ShouldContain(entry => entry.Id == 201 && entry.Message.Contains("looked how far projections are behind"));
    }

    [Fact]
    public async Task An_application_without_projections_has_no_such_gauges()
    {
        await using var application = await Application.StartAsync(carillon => carillon.UseEventStore(), services => services.AddMetrics());
        using var measures = MeasuresOf(application);

        measures.Collect("carillon.projection.lag").ShouldBeEmpty();
    }

    private static (object? Projection, object? Status, double Value)[] Stopped(RecordedMeasures measures) =>
        [.. measures.Collect("carillon.projection.stopped").Select(each => (each.Tags["carillon.projection.name"], each.Tags["carillon.projection.status"], each.Value))];

    private static RecordedMeasures MeasuresOf(Application application) => new(application.Services.GetRequiredService<IMeterFactory>());

    private static IProjections Projections(Application application) => application.Services.GetRequiredService<IProjections>();

    private static async Task AppendAsync(Application application, params object[] events) =>
        await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, events, cancellationToken: Cancel);

    private Task<Application> StartAsync(Action<ProjectionOptions>? options = null) => Application.StartAsync(
        carillon => Balances.AddMethods(carillon)
            .AddEvent<Deposited>()
            .UseSimulatedTime(_time)
            .UseEventStore(_ => _database)
            .AddProjection<Balances>("balances", options),
        services => services.AddSingleton(_bank).AddMetrics());

    /// <summary>One in memory that counts who lists all projections, as only a gauge does here.</summary>
    private sealed class CountedDatabase : IStreamDatabase
    {
        private readonly InMemoryStreamDatabase _inner = new();
        private int _listed;

        public CountedDatabase() => Projections = new Counted(this);

        internal int Listed => Volatile.Read(ref _listed);

        internal bool IsAway { get; set; }

        public IStreamStore Streams => _inner.Streams;

        public IProjectionStore Projections { get; }

        private sealed class Counted(CountedDatabase database) : IProjectionStore
        {
            private IProjectionStore Inner => database._inner.Projections;

            public ValueTask<IReadOnlyList<ProjectionSnapshot>> ListAsync(string? name, CancellationToken cancellationToken)
            {
                if (name is null)
                {
                    Interlocked.Increment(ref database._listed);
                    if (database.IsAway)
                    {
                        throw new Carillon.Deliveries.DeliveryStoreException("away", new IOException());
                    }
                }

                return Inner.ListAsync(name, cancellationToken);
            }

            public ValueTask EnsureAsync(string name, CancellationToken cancellationToken) => Inner.EnsureAsync(name, cancellationToken);

            public ValueTask<ProjectionLease?> BeginAsync(string name, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
                Inner.BeginAsync(name, owner, now, until, cancellationToken);

            public ValueTask<ProjectionLease?> LeaseAsync(string name, int generation, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
                Inner.LeaseAsync(name, generation, owner, now, until, cancellationToken);

            public ValueTask<bool> AdvanceAsync(
                System.Data.Common.DbTransaction? transaction, ProjectionLease lease, long position, DateTimeOffset until, CancellationToken cancellationToken) =>
                Inner.AdvanceAsync(transaction, lease, position, until, cancellationToken);

            public ValueTask ReleaseAsync(ProjectionLease lease, string? error, long? failedPosition, CancellationToken cancellationToken) =>
                Inner.ReleaseAsync(lease, error, failedPosition, cancellationToken);

            public ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken) => Inner.PauseAsync(name, cancellationToken);

            public ValueTask<bool> ResumeAsync(string name, bool skipsFailed, CancellationToken cancellationToken) => Inner.ResumeAsync(name, skipsFailed, cancellationToken);

            public ValueTask<bool> SwitchAsync(System.Data.Common.DbTransaction? transaction, ProjectionLease lease, CancellationToken cancellationToken) =>
                Inner.SwitchAsync(transaction, lease, cancellationToken);

            public ValueTask<bool> ForgetAsync(System.Data.Common.DbTransaction? transaction, string name, int generation, CancellationToken cancellationToken) =>
                Inner.ForgetAsync(transaction, name, generation, cancellationToken);
        }
    }
}
