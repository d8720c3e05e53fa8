using System.Transactions;
using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests.Transactions;

public sealed class TransactionTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Connections_to_the_same_database_will_do_whatever_else_their_strings_say()
    {
        var store = await _place.OpenAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString.Replace("127.0.0.1", "LOCALHOST", StringComparison.Ordinal) + ";Application Name=shop");

        store.WhyNotIn(connection).ShouldBeNull();
    }

    [Theory]
    [InlineData(";Database=other", "'other'")]
    [InlineData(";Host=elsewhere", "on elsewhere")]
    [InlineData(";Port=1", ":1,")]
    public async Task A_connection_to_another_database_will_not_do_and_both_are_named(string more, string named)
    {
        var store = await _place.OpenAsync();
        await using var connection = new NpgsqlConnection(PostgresPlace.ConnectionString + more);

        var reason = store.WhyNotIn(connection).ShouldNotBeNull();

        reason.ShouldContain(named);
        reason.ShouldContain(store.Description);
    }

    [Fact]
    public async Task A_connection_in_a_transaction_scope_will_not_do_since_the_scope_ends_without_telling()
    {
        var store = await _place.OpenAsync();
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        await using var enlisted = new NpgsqlConnection(PostgresPlace.ConnectionString);
        await using var alone = new NpgsqlConnection(PostgresPlace.ConnectionString + ";Enlist=false");

        store.WhyNotIn(enlisted).ShouldNotBeNull().ShouldContain("TransactionScope");
        store.WhyNotIn(alone).ShouldBeNull();
    }

    [Fact]
    public async Task What_the_store_does_itself_is_no_part_of_a_transaction_scope_around_the_caller()
    {
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var store = await _place.OpenAsync();
            await store.AddAsync([TestDeliveries.New()], Cancel);
            // Not completed: what belongs to the scope is rolled back.
        }

        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        var store = await _place.OpenAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        await transaction.DisposeAsync();

        (await Should.ThrowAsync<InvalidOperationException>(async () => await store.AddAsync(transaction, [TestDeliveries.New()], Cancel)))
            .Message.ShouldContain("before its end");
    }

    [Fact]
    public async Task What_was_written_after_a_savepoint_goes_with_it()
    {
        var store = await _place.OpenAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
        await transaction.SaveAsync("here", Cancel);
        await store.AddAsync(transaction, [TestDeliveries.New(), TestDeliveries.New()], Cancel);

        await transaction.RollbackAsync("here", Cancel);
        await transaction.CommitAsync(Cancel);

        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task In_a_transaction_of_the_application_all_deliveries_are_one_statement()
    {
        var store = await _place.OpenAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await store.AddAsync(transaction, [.. Enumerable.Range(0, 50).Select(_ => TestDeliveries.New())], Cancel);
            await using var calls = new NpgsqlCommand("SELECT pg_current_xact_id_if_assigned() IS NOT NULL", connection);
            ((bool)(await calls.ExecuteScalarAsync(Cancel))!).ShouldBeTrue();
            // Each statement that writes takes a number in its transaction; all rows have that of the first.
            await using var commands = new NpgsqlCommand(_place.Fill("SELECT count(DISTINCT cmin::text) FROM {schema}.deliveries"), connection);
            ((long)(await commands.ExecuteScalarAsync(Cancel))!).ShouldBe(1);
            await transaction.CommitAsync(Cancel);
        }

        (await CountAsync()).ShouldBe(50);
    }

    [Theory]
    [InlineData(System.Data.IsolationLevel.RepeatableRead)]
    [InlineData(System.Data.IsolationLevel.Serializable)]
    public async Task The_applications_transaction_may_have_any_isolation(System.Data.IsolationLevel isolation)
    {
        var store = await _place.OpenAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(isolation, Cancel);

        await store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
        await transaction.CommitAsync(Cancel);

        (await CountAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_prepared_statements_everything_works_as_with_them(bool prepares)
    {
        var store = await _place.OpenAsync(options => options.UsePreparedStatements = prepares);
        await using (var connection = await _place.Source.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
            await transaction.CommitAsync(Cancel);
        }

        await store.AddAsync([TestDeliveries.New()], Cancel);
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", now.AddMinutes(1)), now, 10), Cancel);
        leased.Count.ShouldBe(2);
        await store.SettleAsync([.. leased.Select(delivery => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = now })], Cancel);

        (await CountAsync()).ShouldBe(0);
        (await _place.ReadAsync<long>("SELECT count(*) FROM pg_prepared_statements")).ShouldBe(prepares ? 1 : 0);
    }

    private ValueTask<long> CountAsync() => _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries");
}
