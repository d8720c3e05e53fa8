using Carillon.Deliveries;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;

namespace Carillon.Postgres.Tests.Deliveries;

public sealed class FaultTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_without_the_password()
    {
        var store = _place.Create(options => options.ConnectionString = "Host=127.0.0.1;Port=1;Database=shop;Username=shop;Password=not to be seen");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.PrepareAsync(Cancel));

        exception.Message.ShouldContain("PostgreSQL database 'shop' on 127.0.0.1:1");
        exception.Message.ShouldContain("Nothing has changed");
        exception.Message.ShouldContain("See that the server runs");
        exception.ToString().ShouldNotContain("not to be seen");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named()
    {
        var exception = await PrepareAsync("Database=no_such_database");

        exception.Message.ShouldContain("no_such_database");
        exception.Message.ShouldContain("3D000");
        exception.Message.ShouldContain("Create the database");
    }

    [Fact]
    public async Task A_user_who_is_not_let_in_is_told_where_to_look()
    {
        var exception = await PrepareAsync("Username=nobody_of_this_name");

        exception.Message.ShouldContain("28000");
        exception.Message.ShouldContain("pg_hba.conf");
    }

    [Fact]
    public async Task A_database_that_can_only_be_read_is_refused_at_start()
    {
        var exception = await PrepareAsync("Options=-c default_transaction_read_only=on");

        exception.Message.ShouldContain("can only be read");
        exception.Message.ShouldContain("Target Session Attributes=read-write");
    }

    [Fact]
    public async Task Transactions_that_are_not_read_committed_by_default_are_refused_at_start()
    {
        var exception = await PrepareAsync(@"Options=-c default_transaction_isolation=serializable");

        exception.Message.ShouldContain("'serializable'");
        exception.Message.ShouldContain("read\\ committed");
    }

    [Fact]
    public async Task What_becomes_read_only_later_fails_the_call_and_nothing_has_changed()
    {
        var store = await _place.OpenAsync(options => options.ConnectionString = PostgresPlace.ConnectionString + ";Maximum Pool Size=20");
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await ExecuteAsync(connection, "SET TRANSACTION READ ONLY");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync(transaction, [TestDeliveries.New()], Cancel));

        exception.Message.ShouldContain("25006");
        exception.Message.ShouldContain("'poll.created' for 'Sitemap' in the application's transaction");
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_ended_by_the_servers_time_out_and_nothing_has_changed()
    {
        var store = await _place.OpenAsync(options => options.ConnectionString = PostgresPlace.ConnectionString + ";Options=-c statement_timeout=200");
        await store.AddAsync([TestDeliveries.New()], Cancel);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (await connection.BeginTransactionAsync(Cancel))
        {
            await ExecuteAsync(connection, "LOCK TABLE {schema}.deliveries IN EXCLUSIVE MODE");

            var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync([TestDeliveries.New()], Cancel));

            exception.Message.ShouldContain("57014");
            exception.Message.ShouldContain("Nothing has changed");
            exception.Message.ShouldContain("statement_timeout");
        }

        await store.AddAsync([TestDeliveries.New()], Cancel);
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_leaves_it_open_whether_it_has_happened()
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (await connection.BeginTransactionAsync(Cancel))
        {
            await ExecuteAsync(connection, "LOCK TABLE {schema}.deliveries IN EXCLUSIVE MODE");
            var adding = store.AddAsync([TestDeliveries.New()], Cancel).AsTask();
            await CutWaitingAsync();

            var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await adding);

            exception.Message.ShouldContain("Whether it has happened is not known");
            exception.Message.ShouldContain("when its lease ends");
        }

        await store.AddAsync([TestDeliveries.New()], Cancel);
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_was_cut_while_it_rested_is_no_failure_of_the_next_call()
    {
        var time = new Carillon.Testing.SimulatedTime(DateTimeOffset.UnixEpoch);
        var store = await _place.OpenAsync(time: time);
        await store.AddAsync([TestDeliveries.New()], Cancel);
        (await _place.ReadAsync<long>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO \"{schema}\".deliveries%' AND pid <> pg_backend_pid()"))
            .ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(6));

        await store.AddAsync([TestDeliveries.New()], Cancel);

        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(2);
    }

    [Fact]
    public async Task One_that_the_server_refuses_does_not_fail_those_that_were_written_with_it()
    {
        var store = await _place.OpenAsync();
        await _place.ExecuteAsync("ALTER TABLE {schema}.deliveries ADD CHECK (listener <> 'Bad')");
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        Task first;
        List<Task> others;
        await using (await connection.BeginTransactionAsync(Cancel))
        {
            // The first one waits at the lock; the others come together meanwhile.
            await ExecuteAsync(connection, "LOCK TABLE {schema}.deliveries IN EXCLUSIVE MODE");
            first = store.AddAsync([TestDeliveries.New()], Cancel).AsTask();
            others = [.. new[] { "Good", "Bad", "Good" }.Select(listener => store.AddAsync([TestDeliveries.New(listenerId: listener)], Cancel).AsTask())];
        }

        await first;
        await others[0];
        (await Should.ThrowAsync<DeliveryStoreException>(() => others[1])).Message.ShouldContain("'Bad'");
        await others[2];
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(3);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, "make room")]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, "connect to the primary")]
    [InlineData(PostgresErrorCodes.InvalidPassword, "does not let this user in")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "max_connections")]
    [InlineData(PostgresErrorCodes.UndefinedTable, "PostgresMigrations.Script()")]
    [InlineData(PostgresErrorCodes.SerializationFailure, "run it again from its beginning")]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, "Give the user the right")]
    public void Every_answer_that_is_known_says_what_to_do(string code, string advice)
    {
        var location = PostgresLocation.Of(new PostgresOptions { ConnectionString = "Host=db;Database=shop;Password=secret" });

        var exception = PostgresFault.Explain("settle", location, new PostgresException("the server's words", "ERROR", "ERROR", code), wasSent: true);

        exception.Message.ShouldContain($"the server's words (PostgreSQL error {code}). Nothing has changed.");
        exception.Message.ShouldContain(advice);
        exception.Message.ShouldNotContain("secret");
    }

    private async Task<DeliveryStoreException> PrepareAsync(string more) =>
        await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _place.OpenAsync(options => options.ConnectionString = PostgresPlace.ConnectionString + ";" + more));

    private async Task CutWaitingAsync()
    {
        while (await _place.ReadAsync<long>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO \"{schema}\".deliveries%' AND wait_event_type = 'Lock'") == 0)
        {
            Cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(_place.Fill(sql), connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
