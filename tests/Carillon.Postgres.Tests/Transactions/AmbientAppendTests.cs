using System.Transactions;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Postgres.Tests.Transactions;

/// <summary>Appends in a TransactionScope. The server of the tests prepares no transactions, so each that commits here had one connection.</summary>
public sealed class AmbientAppendTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_appended_in_a_scope_is_there_if_it_completes_and_only_then(bool completes)
    {
        await using var application = await StartAsync();
        using (var scope = Begin())
        {
            var first = await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
            await AppendAsync(application, "order-1", ExpectedVersion.Exactly(first.Version), new OrderPlaced(2));
            await AppendAsync(application, "order-2", ExpectedVersion.NoStream, new OrderPlaced(3));
            (await CountEventsAsync()).ShouldBe(0);
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountEventsAsync()).ShouldBe(completes ? 3 : 0);
        (await Store(application).FindVersionAsync("order-1", Cancel)).ShouldBe(completes ? 2 : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_deliveries_and_what_the_application_writes_are_one_transaction(bool completes)
    {
        await using var application = await StartAsync();
        await _place.ExecuteAsync("CREATE TABLE {schema}.orders (id int)");
        using (var scope = Begin())
        {
            await InsertOrderAsync(PostgresPlace.ConnectionString);
            await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new AppendOptions { Dispatch = true }, new OrderPlaced(1));
            await InsertOrderAsync(PostgresPlace.ConnectionString);
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountEventsAsync()).ShouldBe(completes ? 1 : 0);
        (await OutsideAsync("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(completes ? 1 : 0);
        (await OutsideAsync("SELECT count(*) FROM {schema}.orders")).ShouldBe(completes ? 2 : 0);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task It_is_written_on_the_connection_that_was_named_as_often_as_is_appended(bool completes, bool isOpen)
    {
        await using var application = await StartAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Application Name=shop");
        using (var scope = Begin())
        {
            await connection.OpenAsync(Cancel);
            application.Scope.GetRequiredService<IUnitOfWorkFactory>().Enlist(connection);
            if (!isOpen)
            {
                await connection.DisposeAsync();
            }

            await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
            await AppendAsync(application, "order-1", ExpectedVersion.Exactly(1), new OrderPlaced(2));
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountEventsAsync()).ShouldBe(completes ? 2 : 0);
    }

    [Fact]
    public async Task In_the_scope_it_is_seen_by_who_has_appended_it_and_by_nobody_outside()
    {
        await using var application = await StartAsync();
        using (var scope = Begin())
        {
            await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1), new OrderPlaced(2));

            (await Store(application).FindVersionAsync("order-1", Cancel)).ShouldBe(2);
            (await ReadAsync(application, "order-1")).ShouldBe([1, 2]);
            await Store(application).SaveSnapshotAsync("order-1", 2, new Snap(3), cancellationToken: Cancel);
            (await Store(application).FindSnapshotAsync<Snap>("order-1", cancellationToken: Cancel)).ShouldNotBeNull().Version.ShouldBe(2);
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                (await Store(application).FindVersionAsync("order-1", Cancel)).ShouldBe(0);
            }
        }

        (await Store(application).FindVersionAsync("order-1", Cancel)).ShouldBe(0);
        (await Store(application).FindSnapshotAsync<Snap>("order-1", cancellationToken: Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_is_something_else_is_told_and_the_scope_can_go_on()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
        using (var scope = Begin())
        {
            (await Should.ThrowAsync<WrongExpectedVersionException>(async () => await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(2)))).Message.ShouldContain("order-1");
            await AppendAsync(application, "order-1", ExpectedVersion.Exactly(1), new OrderPlaced(3));
            scope.Complete();
        }

        (await ReadAsync(application, "order-1")).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Several_flows_take_turns_on_the_one_connection()
    {
        await using var application = await StartAsync();
        using (var scope = Begin())
        {
            await Task.WhenAll(Enumerable.Range(1, 20).Select(async number =>
            {
                await Task.Yield();
                await using var flow = application.Services.CreateAsyncScope();
                await flow.ServiceProvider.GetRequiredService<IEventStore>().AppendAsync($"order-{number}", ExpectedVersion.NoStream, [new OrderPlaced(number)], cancellationToken: Cancel);
            }));
            scope.Complete();
        }

        (await CountEventsAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task A_subscription_hears_of_it_at_the_commit_and_misses_nothing_that_comes_before()
    {
        await using var application = await StartAsync();
        var seen = new List<int>();
        using (var scope = Begin())
        {
            await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                // Behind it, and committed before.
                await AppendAsync(application, "order-2", ExpectedVersion.NoStream, new OrderPlaced(2));
                (await Store(application).FindEndAsync(Cancel)).HeldBackBy.ShouldNotBeNull();
            }

            scope.Complete();
        }

        await foreach (var recorded in Store(application).SubscribeAsync(cancellationToken: Cancel))
        {
            seen.Add(((OrderPlaced)recorded.Event).Number);
            if (seen.Count == 2)
            {
                break;
            }
        }

        seen.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_second_connection_in_the_scope_takes_it_back_and_the_log_says_what_to_do()
    {
        await using var application = await StartAsync();
        await using var other = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Application Name=shop");
        var scope = Begin();
        await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
        await other.OpenAsync(Cancel);
        scope.Complete();

        Should.Throw<TransactionAbortedException>(scope.Dispose);

        (await CountEventsAsync()).ShouldBe(0);
        application.Log.Entries.ShouldContain(entry => entry.Id == 137 && entry.Message.Contains("IUnitOfWorkFactory.Enlist before the append"));
    }

    [Fact]
    public async Task Who_was_overtaken_in_a_serializable_scope_has_a_failed_transaction()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, "order-1", ExpectedVersion.NoStream, new OrderPlaced(1));
        using (Begin())
        {
            // Its view begins here.
            await AppendAsync(application, "order-2", ExpectedVersion.NoStream, new OrderPlaced(2));
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                await AppendAsync(application, "order-1", ExpectedVersion.Exactly(1), new OrderPlaced(3));
            }

            await Should.ThrowAsync<DeliveryStoreException>(async () => await AppendAsync(application, "order-1", ExpectedVersion.Exactly(1), new OrderPlaced(4)));
        }

        (await ReadAsync(application, "order-1")).ShouldBe([1, 3]);
    }

    private static TransactionScope Begin() => new(TransactionScopeAsyncFlowOption.Enabled);

    private static IEventStore Store(Application application) => application.Scope.GetRequiredService<IEventStore>();

    private static ValueTask<AppendResult> AppendAsync(Application application, string stream, ExpectedVersion expected, params object[] events) =>
        Store(application).AppendAsync(stream, expected, events, cancellationToken: Cancel);

    private static ValueTask<AppendResult> AppendAsync(Application application, string stream, ExpectedVersion expected, AppendOptions options, params object[] events) =>
        Store(application).AppendAsync(stream, expected, events, options, Cancel);

    private static async Task<List<int>> ReadAsync(Application application, string stream)
    {
        var numbers = new List<int>();
        await foreach (var recorded in Store(application).ReadAsync(stream, cancellationToken: Cancel))
        {
            numbers.Add(((OrderPlaced)recorded.Event).Number);
        }

        return numbers;
    }

    private Task<Application> StartAsync() => Application.StartAsync(carillon =>
    {
        carillon.UsePostgres(PostgresPlace.ConnectionString)
            .UseEventStore(store => store.PollInterval = TimeSpan.FromMilliseconds(20))
            .ConfigureWorker(options => options.Enabled = false)
            .Listen<OrderPlaced>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "receipt"));
        carillon.Services.Configure<PostgresOptions>(options => options.Schema = _place.Schema);
    });

    private async Task InsertOrderAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancel);
        await using var insert = new NpgsqlCommand(_place.Fill("INSERT INTO {schema}.orders VALUES (1)"), connection);
        await insert.ExecuteNonQueryAsync(Cancel);
    }

    private Task<long> CountEventsAsync() => OutsideAsync("SELECT count(*) FROM {schema}.events");

    // Past the scope, as another process would.
    private async Task<long> OutsideAsync(string sql)
    {
        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await _place.ReadAsync<long>(sql);
    }

    public sealed record Snap(int Sum);
}
