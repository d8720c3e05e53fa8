using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Transactions;

/// <summary>Events that wait for the commit of a unit of work, and those that aggregates raise in it.</summary>
public sealed class WaitingEventTests : IDisposable
{
    private readonly OrderDatabase _database = new();
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact] // A15
    public async Task What_waits_reaches_its_listeners_before_the_commit_and_what_they_write_and_record_is_committed()
    {
        SqliteConnection? connection = null;
        UnitOfWork? work = null;
        await using var application = await StartAsync(carillon => carillon
            .Listen<OrderPlaced>(e => OrderDatabase.Insert(connection!, work!.Transaction, e.Number + 100))
            .Listen<OrderPlaced>(_ => { }, Durable));
        await using (connection = _database.Open())
        await using (work = await BeginAsync(application, connection))
        {
            work.Defer();
            OrderDatabase.Insert(connection, work.Transaction, 1);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            _ran.ShouldBeEmpty();
            await work.CommitAsync(Cancellation);
        }

        _ran.ShouldBe(["placed 1"]);
        _database.Count("orders").ShouldBe(2);
        _database.Count("deliveries").ShouldBe(1);
    }

    [Theory] // A15
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rollback_drops_what_waits_and_the_scope_goes_on_as_before(bool said)
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        await using (var work = await BeginAsync(application, connection))
        {
            work.Defer(typeof(OrderPlaced));
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            if (said)
            {
                await work.RollbackAsync(Cancellation);
            }
        }

        await application.Events.DispatchAsync(new OrderPlaced(2), Cancellation);

        _ran.ShouldBe(["placed 2"]);
        application.Log.Entries.Count(entry => entry.Id == 30).ShouldBe(said ? 0 : 1);
    }

    [Fact]
    public async Task A_listener_that_throws_at_the_commit_rolls_back()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<OrderPlaced>(e => throw new FormatException())
            .Listen<OrderPlaced>(_ => { }, Durable));
        await using var connection = _database.Open();
        await using (var work = await BeginAsync(application, connection))
        {
            work.Defer();
            OrderDatabase.Insert(connection, work.Transaction, 1);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);
            await Should.ThrowAsync<FormatException>(async () => await work.CommitAsync(Cancellation));
            await Should.ThrowAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
        }

        _database.Count("orders").ShouldBe(0);
        _database.Count("deliveries").ShouldBe(0);
        await using var next = await BeginAsync(application, connection);
    }

    [Fact] // A16, with plain ADO.NET
    public async Task The_events_of_a_saved_aggregate_are_dispatched_by_the_commit_and_their_deliveries_belong_to_it()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<OrderShipped>(_ => { }, options =>
        {
            Durable(options);
            options.Id = "shipped";
        }));
        await using var connection = _database.Open();
        var order = new Order(1);
        await using (var work = await BeginAsync(application, connection))
        {
            order.Ship();
            OrderDatabase.Insert(connection, work.Transaction, 1);
            work.Track(order);
            work.Track(order);
            _ran.ShouldBeEmpty();
            await work.CommitAsync(Cancellation);
        }

        _ran.ShouldBe(["shipped 1"]);
        _database.Count("deliveries").ShouldBe(1);
        order.Raised.ShouldBeEmpty();
    }

    [Theory] // A16
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_aggregate_that_was_not_committed_keeps_its_events_for_the_next_try(bool waits)
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        var order = new Order(1);
        order.Ship();
        await using (var work = await BeginAsync(application, connection))
        {
            if (waits)
            {
                work.Defer();
            }

            OrderDatabase.Execute(connection, (SqliteTransaction)work.Transaction, "PRAGMA defer_foreign_keys = ON; " + Violation);
            work.Track(order);
            await Should.ThrowAsync<SqliteException>(async () => await work.CommitAsync(Cancellation));
        }

        order.Raised.Count.ShouldBe(1);
        await using (var work = await BeginAsync(application, connection))
        {
            work.Track(order);
            await work.CommitAsync(Cancellation);
        }

        _ran.ShouldBe(["shipped 1", "shipped 1"]);
        order.Raised.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_listeners_of_waiting_events_raise_on_a_tracked_aggregate_is_committed_too()
    {
        var order = new Order(1);
        await using var application = await StartAsync(carillon => carillon.Listen<OrderPlaced>(_ => order.Ship()));
        await using var connection = _database.Open();
        await using var work = await BeginAsync(application, connection);
        work.Defer();
        work.Track(order);
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancellation);

        await work.CommitAsync(Cancellation);

        _ran.ShouldBe(["placed 1", "shipped 1"]);
    }

    [Fact]
    public async Task A_unit_of_work_that_has_ended_takes_neither_blocks_nor_aggregates()
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        await using var work = await BeginAsync(application, connection);
        work.Defer();
        Should.Throw<InvalidOperationException>(() => work.Defer()).Message.ShouldContain("wait already");
        await work.CommitAsync(Cancellation);

        Should.Throw<InvalidOperationException>(() => work.Defer()).Message.ShouldContain("has ended");
        Should.Throw<InvalidOperationException>(() => work.Track(new Order(1))).Message.ShouldContain("has ended");
    }

    // The database refuses it at the commit, and not before.
    private const string Violation =
        "CREATE TABLE IF NOT EXISTS lines (number INTEGER REFERENCES missing_orders(number) DEFERRABLE INITIALLY DEFERRED); "
        + "CREATE TABLE IF NOT EXISTS missing_orders (number INTEGER PRIMARY KEY); INSERT INTO lines VALUES (1)";

    private static void Durable(Carillon.Listeners.ListenOptions options)
    {
        options.Delivery = Delivery.Durable;
        options.Id = "durable";
    }

    private static ValueTask<UnitOfWork> BeginAsync(Application application, SqliteConnection connection) =>
        application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);

    private Task<Application> StartAsync(Action<CarillonBuilder>? configure = null) => Application.StartAsync(carillon =>
    {
        carillon
            .UseSqlite(_database.ConnectionString)
            .RunDeliveriesByHand()
            .Listen<OrderPlaced>(e => _ran.Add($"placed {e.Number}"))
            .Listen<OrderShipped>(e => _ran.Add($"shipped {e.Number}"));
        configure?.Invoke(carillon);
    });

    internal sealed record OrderShipped(int Number, DateTimeOffset OccurredAt) : IDomainEvent;

    private sealed class Order(int number) : AggregateRoot
    {
        internal IReadOnlyList<IDomainEvent> Raised => ((IHasDomainEvents)this).DomainEvents.Raised;

        internal void Ship() => Raise(TimeProvider.System, now => new OrderShipped(number, now));
    }
}
