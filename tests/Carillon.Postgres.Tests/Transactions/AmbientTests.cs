using System.Collections.Concurrent;
using System.Transactions;
using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Postgres.Tests.Transactions;

/// <summary>The server of the tests prepares no transactions (max_prepared_transactions = 0), as most do not: each scope that commits here was committed in one phase.</summary>
public sealed class AmbientTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();
    private readonly ConcurrentQueue<string> _told = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory] // A16, B3
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_connection_of_the_application_the_deliveries_are_alone_in_the_scope(bool completes)
    {
        await using var application = await StartAsync();
        using (var scope = Begin())
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            await application.Events.DispatchAsync(new OrderPlaced(2), Cancel);
            (await CountAsync()).ShouldBe(0);
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountAsync()).ShouldBe(completes ? 2 : 0);
        _told.ShouldBe(completes ? ["after 1", "after 2"] : ["rollback 1", "rollback 2"]);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_connection_that_was_closed_in_the_scope_is_gone_on_with_if_its_string_or_its_source_is_that_of_the_store(bool completes, bool hasSource)
    {
        await using var application = await StartAsync(hasSource);
        await CreateOrdersAsync();
        using (var scope = Begin())
        {
            await using (var connection = hasSource ? _place.Source.CreateConnection() : new NpgsqlConnection(PostgresPlace.ConnectionString))
            {
                await InsertOrderAsync(connection);
            }

            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountAsync()).ShouldBe(completes ? 1 : 0);
        (await CountOrdersAsync()).ShouldBe(completes ? 1 : 0);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_connection_that_was_named_is_written_on_whatever_its_string_and_open_or_not(bool completes, bool isOpen)
    {
        await using var application = await StartAsync();
        await CreateOrdersAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Application Name=shop");
        using (var scope = Begin())
        {
            await InsertOrderAsync(connection);
            Units(application).Enlist(connection);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            if (!isOpen)
            {
                await connection.DisposeAsync();
            }

            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountAsync()).ShouldBe(completes ? 1 : 0);
        (await CountOrdersAsync()).ShouldBe(completes ? 1 : 0);
    }

    [Fact]
    public async Task Naming_a_connection_enlists_one_that_was_opened_before_the_scope()
    {
        await using var application = await StartAsync();
        await CreateOrdersAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        using (Begin())
        {
            Units(application).Enlist(connection);
            await InsertOrderAsync(connection);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        }

        (await CountAsync()).ShouldBe(0);
        (await CountOrdersAsync()).ShouldBe(0);
    }

    [Fact] // Two participants: the server would have to prepare them, and says that it does not.
    public async Task A_connection_that_is_open_and_not_named_makes_two_and_the_log_says_what_to_do()
    {
        await using var application = await StartAsync();
        await CreateOrdersAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString);
        var scope = Begin();
        await InsertOrderAsync(connection);
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        scope.Complete();

        var cause = Should.Throw<TransactionAbortedException>(scope.Dispose).InnerException.ShouldBeOfType<PostgresException>();

        // The words are the driver's; what to do is said beside them.
        cause.MessageText.ShouldContain("prepared transactions");
        cause.Data["Carillon"].ShouldBeOfType<string>().ShouldContain("name it with IUnitOfWorkFactory.Enlist");

        await connection.DisposeAsync();
        (await CountAsync()).ShouldBe(0);
        (await CountOrdersAsync()).ShouldBe(0);
        _told.ShouldBe(["rollback 1"]);
        var error = application.Log.Entries.Single(entry => entry.Id == 136).Message;
        foreach (var part in new[] { "order.placed", "prepared transactions are disabled", "IUnitOfWorkFactory.Enlist", "Close" })
        {
            error.ShouldContain(part);
        }
    }

    [Fact]
    public async Task A_connection_to_another_database_cannot_be_named()
    {
        await using var application = await StartAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Database=template1");
        using var scope = Begin();
        await connection.OpenAsync(Cancel);

        Should.Throw<CarillonException>(() => Units(application).Enlist(connection)).Message.ShouldContain("template1");
    }

    [Fact]
    public async Task A_connection_that_wants_no_part_in_scopes_cannot_be_named()
    {
        await using var application = await StartAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Enlist=false");
        using var scope = Begin();
        await connection.OpenAsync(Cancel);

        Should.Throw<CarillonException>(() => Units(application).Enlist(connection)).Message.ShouldContain("Enlist=false");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliveries_belong_to_the_scope_even_if_the_applications_own_connections_do_not(bool completes)
    {
        await using var application = await StartAsync(more: ";Enlist=false");
        using (var scope = Begin())
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            if (completes)
            {
                scope.Complete();
            }
        }

        (await CountAsync()).ShouldBe(completes ? 1 : 0);
    }

    [Fact]
    public async Task Without_an_ambient_transaction_there_is_nothing_to_name_a_connection_for()
    {
        await using var application = await StartAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);

        Should.Throw<InvalidOperationException>(() => Units(application).Enlist(connection)).Message.ShouldContain("TransactionScope");
    }

    [Fact] // conformance 201
    public async Task A_nested_scope_is_a_part_of_the_whole()
    {
        await using var application = await StartAsync();
        using (Begin())
        {
            using (var inner = Begin())
            {
                await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
                inner.Complete();
            }

            // The outer one is not completed.
        }

        (await CountAsync()).ShouldBe(0);
        _told.ShouldBe(["rollback 1"]);
    }

    [Fact]
    public async Task A_transaction_of_its_own_inside_another_commits_by_itself()
    {
        await using var application = await StartAsync();
        using (Begin())
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            using var inner = new TransactionScope(TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled);
            await application.Events.DispatchAsync(new OrderPlaced(2), Cancel);
            inner.Complete();
        }

        (await CountAsync()).ShouldBe(1);
        _told.ShouldBe(["after 2", "rollback 1"]);
    }

    [Fact] // conformance 215
    public async Task What_is_dispatched_where_it_is_suppressed_is_stored_at_once()
    {
        await using var application = await StartAsync();
        using (Begin())
        {
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            }

            await application.Events.DispatchAsync(new OrderPlaced(2), new DeliveryOptions { OutsideTransaction = true }, Cancel);
            (await CountAsync()).ShouldBe(2);
        }

        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Several_flows_in_one_scope_are_one_batch()
    {
        await using var application = await StartAsync();
        using (var scope = Begin())
        {
            await Task.WhenAll(Enumerable.Range(1, 20).Select(async number =>
            {
                await Task.Yield();
                await using var flow = application.Services.CreateAsyncScope();
                await flow.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(number), Cancel);
            }));
            scope.Complete();
        }

        (await CountAsync()).ShouldBe(20);
        (await _place.ReadAsync<long>("SELECT count(DISTINCT xmin::text) FROM {schema}.deliveries")).ShouldBe(1);
    }

    [Fact] // Without the option of the scope the transaction does not follow an await: .NET says so at its end, and what is dispatched behind it stands alone.
    public async Task A_scope_that_does_not_flow_has_what_is_dispatched_before_the_first_await_only()
    {
        await using var application = await StartAsync();
        using var committable = new CommittableTransaction();
        Transaction.Current = committable;
        var first = application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        Transaction.Current = null;
        await first;

        await application.Events.DispatchAsync(new OrderPlaced(2), Cancel);
        committable.Rollback();

        (await CountAsync()).ShouldBe(1);
        _told.ShouldBe(["after 2", "rollback 1"]);
    }

    [Fact]
    public async Task A_scope_whose_time_is_over_has_left_nothing_and_takes_nothing_more()
    {
        await using var application = await StartAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scope = new TransactionScope(TransactionScopeOption.Required, TimeSpan.FromMilliseconds(200), TransactionScopeAsyncFlowOption.Enabled);
        Transaction.Current!.TransactionCompleted += (_, _) => ended.SetResult();
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        await ended.Task.WaitAsync(Cancel);

        await Should.ThrowAsync<TransactionException>(async () => await application.Events.DispatchAsync(new OrderPlaced(2), Cancel));
        scope.Complete();
        Should.Throw<TransactionAbortedException>(scope.Dispose);

        (await CountAsync()).ShouldBe(0);
        _told.ShouldBe(["rollback 1"]);
    }

    [Fact]
    public async Task What_cannot_be_written_aborts_the_scope_and_is_told_as_the_reason()
    {
        await using var application = await StartAsync();
        await _place.ExecuteAsync("ALTER TABLE {schema}.deliveries ADD CONSTRAINT none CHECK (false)");
        var scope = Begin();
        await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        scope.Complete();

        Should.Throw<TransactionAbortedException>(scope.Dispose).InnerException.ShouldBeOfType<DeliveryStoreException>().Message.ShouldContain("ambient transaction");

        _told.ShouldBe(["rollback 1"]);
    }

    [Fact] // The loop that tells them goes on for as long as the store, whoever was the first to ask for it.
    public async Task Other_processes_are_told_though_the_first_to_ask_for_it_is_in_a_scope_that_is_complete()
    {
        var store = await _place.OpenAsync();
        using var scope = Begin();
        scope.Complete();

        store.Announce();
        await _place.CloseAsync(store);
    }

    [Fact]
    public async Task What_is_committed_starts_at_once_in_this_process()
    {
        var ran = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(on: ran.SetResult);
        using (var scope = Begin())
        {
            await application.Events.DispatchAsync(new OrderPlaced(7), Cancel);
            ran.Task.IsCompleted.ShouldBeFalse();
            scope.Complete();
        }

        (await ran.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel)).ShouldBe(7);
    }

    private static TransactionScope Begin() => new(TransactionScopeAsyncFlowOption.Enabled);

    private static IUnitOfWorkFactory Units(Application application) => application.Scope.GetRequiredService<IUnitOfWorkFactory>();

    private Task<Application> StartAsync(bool hasSource = false, Action<int>? on = null, string more = "") => Application.StartAsync(carillon =>
    {
        (hasSource ? carillon.UsePostgres(_place.Source) : carillon.UsePostgres(PostgresPlace.ConnectionString + more))
            .ConfigureWorker(options => options.Enabled = on is not null)
            .Listen<OrderPlaced>(e => on?.Invoke(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "receipt"))
            .Listen<OrderPlaced>(e => _told.Enqueue($"after {e.Number}"), options => options.Delivery = Delivery.AfterCommit)
            .Listen<OrderPlaced>(e => _told.Enqueue($"rollback {e.Number}"), options => options.Delivery = Delivery.AfterRollback);
        carillon.Services.Configure<PostgresOptions>(options => options.Schema = _place.Schema);
    });

    private async Task CreateOrdersAsync() => await _place.ExecuteAsync("CREATE TABLE {schema}.orders (id int)");

    private async Task InsertOrderAsync(NpgsqlConnection connection)
    {
        if (connection.State == System.Data.ConnectionState.Closed)
        {
            await connection.OpenAsync(Cancel);
        }

        await using var insert = new NpgsqlCommand(_place.Fill("INSERT INTO {schema}.orders VALUES (1)"), connection);
        await insert.ExecuteNonQueryAsync(Cancel);
    }

    // Past the scope, as another process would.
    private async Task<long> CountAsync() => await OutsideAsync("SELECT count(*) FROM {schema}.deliveries");

    private async Task<long> CountOrdersAsync() => await OutsideAsync("SELECT count(*) FROM {schema}.orders");

    private async Task<long> OutsideAsync(string sql)
    {
        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await _place.ReadAsync<long>(sql);
    }
}
