using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests.Transactions;

/// <summary>Deliveries and the commit of the application are sent together.</summary>
public sealed class CommitTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 50)]
    [InlineData(false, 1)]
    [InlineData(false, 50)]
    public async Task One_transaction_after_the_other_is_committed_on_a_connection(bool prepares, int count)
    {
        var (store, connection) = await OpenAsync(prepares);
        await using var _ = connection;
        for (var time = 1; time <= 3; time++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await PlaceOrderAsync(transaction);
            await store.CommitAsync(transaction, [.. Enumerable.Range(0, count).Select(_ => TestDeliveries.New())], Cancel);
            (await CountAsync("orders"), await CountAsync("deliveries")).ShouldBe((time, time * count));
        }
    }

    [Theory]
    [InlineData(System.Data.IsolationLevel.RepeatableRead)]
    [InlineData(System.Data.IsolationLevel.Serializable)]
    public async Task The_transaction_may_have_any_isolation(System.Data.IsolationLevel isolation)
    {
        var (store, connection) = await OpenAsync();
        await using var _ = connection;
        await using var transaction = await connection.BeginTransactionAsync(isolation, Cancel);

        await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);

        (await CountAsync("deliveries")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliveries_that_are_refused_leave_nothing_of_the_transaction(bool prepares)
    {
        var (store, connection) = await OpenAsync(prepares);
        await using var _ = connection;
        await _place.ExecuteAsync("ALTER TABLE {schema}.deliveries ADD CONSTRAINT never CHECK (listener <> 'Never')");
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await PlaceOrderAsync(transaction);
            (await Should.ThrowAsync<DeliveryStoreException>(async () => await store.CommitAsync(transaction, [TestDeliveries.New(listenerId: "Never")], Cancel)))
                .Message.ShouldContain("23514");
            await transaction.RollbackAsync(Cancel);
        }

        (await CountAsync("orders"), await CountAsync("deliveries")).ShouldBe((0, 0));
        await using var next = await connection.BeginTransactionAsync(Cancel);
        await store.CommitAsync(next, [TestDeliveries.New()], Cancel);
        (await CountAsync("deliveries")).ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_in_which_something_has_failed_is_not_committed()
    {
        var (store, connection) = await OpenAsync();
        await using var _ = connection;
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await PlaceOrderAsync(transaction);
        await using (var wrong = new NpgsqlCommand("SELECT 1 / 0", connection, transaction))
        {
            await Should.ThrowAsync<PostgresException>(async () => await wrong.ExecuteScalarAsync(Cancel));
        }

        (await Should.ThrowAsync<DeliveryStoreException>(async () => await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel))).Message.ShouldContain("25P02");
        (await CountAsync("orders"), await CountAsync("deliveries")).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task What_the_commit_itself_is_refused_for_reaches_the_caller_as_it_is(int count)
    {
        var (store, connection) = await OpenAsync();
        await using var _ = connection;
        await _place.ExecuteAsync("ALTER TABLE {schema}.orders ADD CONSTRAINT after_another FOREIGN KEY (after) REFERENCES {schema}.orders DEFERRABLE INITIALLY DEFERRED");
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await PlaceOrderAsync(transaction, after: 7);
            (await Should.ThrowAsync<PostgresException>(
                async () => await store.CommitAsync(transaction, [.. Enumerable.Range(0, count).Select(_ => TestDeliveries.New())], Cancel))).SqlState.ShouldBe("23503");
        }

        (await CountAsync("orders"), await CountAsync("deliveries")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_connection_that_is_lost_during_the_commit_is_no_failure_of_the_deliveries()
    {
        var (store, connection) = await OpenAsync();
        await using var _ = connection;
        await _place.ExecuteAsync(
            """
            CREATE FUNCTION {schema}.lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON {schema}.orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.lose()
            """);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await PlaceOrderAsync(transaction);

        // Nobody here can tell whether it has happened: it is for the unit of work to say so.
        await Should.ThrowAsync<NpgsqlException>(async () => await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel));
        await Should.ThrowAsync<Exception>(async () => await transaction.RollbackAsync(Cancel));
        (await CountAsync("orders"), await CountAsync("deliveries")).ShouldBe((0, 0));
    }

    private async Task<(PostgresDeliveryStore Store, NpgsqlConnection Connection)> OpenAsync(bool prepares = true)
    {
        var store = await _place.OpenAsync(options => options.UsePreparedStatements = prepares);
        await _place.ExecuteAsync("CREATE TABLE {schema}.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, after bigint)");
        return (store, await _place.Source.OpenConnectionAsync(Cancel));
    }

    private async Task PlaceOrderAsync(NpgsqlTransaction transaction, long? after = null)
    {
        await using var insert = new NpgsqlCommand(_place.Fill("INSERT INTO {schema}.orders (after) VALUES ($1)"), transaction.Connection, transaction)
        {
            Parameters = { new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint } },
        };
        await insert.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<long> CountAsync(string table) => await _place.ReadAsync<long>($"SELECT count(*) FROM {{schema}}.{table}");
}
