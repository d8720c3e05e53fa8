using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Postgres.Tests.Transactions;

public sealed class ApplicationTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();
    private readonly ConcurrentQueue<int> _ran = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory] // B3
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_dispatched_in_a_unit_of_work_runs_if_it_commits_and_only_then(bool commits)
    {
        await using var application = await StartAsync();
        await _place.ExecuteAsync("CREATE TABLE {schema}.orders (id int)");
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (var work = await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel))
        {
            await using var insert = connection.CreateCommand();
            insert.CommandText = _place.Fill("INSERT INTO {schema}.orders VALUES (1)");
            await insert.ExecuteNonQueryAsync(Cancel);
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
            if (commits)
            {
                await work.CommitAsync(Cancel);
            }
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
        _ran.ShouldBe(commits ? [1] : []);
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.orders")).ShouldBe(commits ? 1 : 0);
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(0);
    }

    [Fact]
    public async Task The_worker_runs_what_another_process_has_written()
    {
        await using var dispatches = await StartAsync(worker: false);
        await dispatches.Events.DispatchAsync(new OrderPlaced(7), Cancel);
        var ran = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var works = await StartAsync(worker: true, on: ran.SetResult);

        (await ran.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel)).ShouldBe(7);
    }

    [Fact]
    public async Task A_connection_to_another_database_is_refused_when_the_unit_of_work_begins()
    {
        await using var application = await StartAsync();
        await using var connection = new Npgsql.NpgsqlConnection(PostgresPlace.ConnectionString + ";Database=template1");
        await connection.OpenAsync(Cancel);

        var exception = await Should.ThrowAsync<CarillonException>(
            async () => await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel));

        exception.Message.ShouldContain("template1");
    }

    [Fact]
    public async Task A_data_source_of_the_application_serves_as_well_and_stays_the_applications()
    {
        await using (var application = await Application.StartAsync(carillon => Configure(
            carillon.UsePostgres(_place.Source), worker: false, on: null)))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        }

        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_string_and_a_data_source_are_one_too_many()
    {
        var error = await Should.ThrowAsync<CarillonException>(() => Application.StartAsync(carillon => carillon.UsePostgres(options =>
            (options.ConnectionString, options.DataSource) = (PostgresPlace.ConnectionString, _place.Source))));

        error.Message.ShouldContain("PostgresOptions.ConnectionString");
        error.Message.ShouldContain("PostgresOptions.DataSource");
    }

    [Fact] // A pool that resets nothing hands the settings of the one on to the next.
    public async Task The_application_gets_its_connections_back_as_they_were_also_if_its_pool_resets_nothing()
    {
        await using var source = NpgsqlDataSource.Create(PostgresPlace.ConnectionString + ";No Reset On Close=true;Maximum Pool Size=1;Application Name=unreset");
        await using (var application = await Application.StartAsync(carillon => Configure(
            carillon.UsePostgres(options => (options.DataSource, options.UseNotifications) = (source, false)), worker: false, on: null)))
        {
            await application.Events.DispatchAsync(new OrderPlaced(1), Cancel);
        }

        await using var command = source.CreateCommand("SELECT current_setting('enable_seqscan') || current_setting('enable_bitmapscan') || current_setting('plan_cache_mode') || current_setting('jit')");
        await using var plain = _place.Source.CreateCommand(command.CommandText);
        (await command.ExecuteScalarAsync(Cancel)).ShouldBe(await plain.ExecuteScalarAsync(Cancel));
    }

    private Task<Application> StartAsync(bool worker = false, Action<int>? on = null) => Application.StartAsync(carillon => Configure(
        carillon.UsePostgres(options => options.ConnectionString = PostgresPlace.ConnectionString), worker, on));

    private void Configure(CarillonBuilder carillon, bool worker, Action<int>? on)
    {
        carillon.Services.Configure<PostgresOptions>(options => options.Schema = _place.Schema);
        carillon
            .ConfigureWorker(options => options.Enabled = worker)
            .Listen<OrderPlaced>(e => (on ?? _ran.Enqueue)(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "receipt"));
    }
}
