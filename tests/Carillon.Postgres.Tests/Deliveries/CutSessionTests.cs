using Carillon.Postgres.Deliveries.Internal;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>With Keepalive the driver finds by itself that a connection was cut, also one that nobody uses.</summary>
public sealed class CutSessionTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string ConnectionString => $"{PostgresPlace.ConnectionString};Keepalive=1;Application Name={_place.Schema}";

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_session_that_broke_while_it_rested_is_given_to_nobody()
    {
        await using var connections = Connections();
        var session = await connections.RentAsync("look", Cancel);
        await connections.ReturnAsync(session);
        await CutAsync();
        await UntilAsync(() => !session.IsOpen);

        var next = await connections.RentAsync("look", Cancel);

        (await next.IsAliveAsync()).ShouldBeTrue();
        await connections.ReturnAsync(next);
    }

    [Fact]
    public async Task What_is_sent_by_a_session_that_has_just_broken_fails_as_if_the_server_were_away()
    {
        await using var connections = Connections();
        var session = await connections.RentAsync("look", Cancel);
        await CutAsync();
        await UntilAsync(() => !session.IsOpen);

        var exception = await Should.ThrowAsync<Exception>(async () => await session.ExecuteAsync([new NpgsqlBatchCommand("SELECT 1")]));
        PostgresFault.IsFault(exception).ShouldBeTrue(exception.ToString());
        (await session.IsAliveAsync()).ShouldBeFalse();
        await connections.ReturnAsync(session);
    }

    [Fact]
    public async Task A_speaker_whose_connection_broke_while_it_rested_tells_through_another_one()
    {
        using var log = new RecordingLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        await using var source = new NpgsqlDataSourceBuilder(ConnectionString).UseLoggerFactory(loggers).Build();
        var store = await _place.OpenAsync(options => (options.ConnectionString, options.DataSource) = ("", source));
        store.Announce();
        await UntilAsync(() => store.Notifications.Sent == 1);
        await CutAsync();
        await UntilAsync(() => log.Entries.Any(static entry => entry.Message.Contains("Breaking connection", StringComparison.OrdinalIgnoreCase)));

        store.Announce();

        await UntilAsync(() => store.Notifications.Sent == 2);
    }

    private PostgresConnections Connections()
    {
        var options = new PostgresOptions { ConnectionString = ConnectionString, Schema = _place.Schema };
        return new PostgresConnections(options, PostgresLocation.Of(options), TimeProvider.System);
    }

    private async Task CutAsync() =>
        (await _place.ReadAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{schema}'")).ShouldBeGreaterThan(0);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
