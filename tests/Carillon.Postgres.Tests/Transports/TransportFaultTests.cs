using System.Collections.Concurrent;
using System.Text;
using Carillon.Postgres.Transports;
using Carillon.Transports;

namespace Carillon.Postgres.Tests.Transports;

public sealed class TransportFaultTests : IAsyncDisposable
{
    private readonly PostgresTransports _transports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresPlace Place => _transports.Place;

    public ValueTask DisposeAsync() => _transports.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_killed_while_many_publish_has_every_confirmed_event_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var transport = new PostgresTransport(new PostgresTransportOptions { ConnectionString = server.ConnectionString });
        await transport.PrepareAsync(Cancel);
        var received = new ConcurrentDictionary<string, int>();
        var subscription = await transport.SubscribeAsync(Wanted("all", 4), (incoming, _) =>
        {
            received.AddOrUpdate(Encoding.UTF8.GetString(incoming.Body.Span), 1, static (_, times) => times + 1);
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        var confirmed = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource();
        var publishing = Enumerable.Range(0, 16).Select(publisher => Task.Run(async () =>
        {
            try
            {
                for (var number = 0; ; number++)
                {
                    await transport.PublishAsync(Outgoing($"{publisher}:{number}"), Cancel);
                    confirmed.Add($"{publisher}:{number}");
                    if (confirmed.Count == 300)
                    {
                        enough.TrySetResult();
                    }
                }
            }
            catch (TransportException)
            {
                // The server is gone, as the test wants it.
            }
        })).ToList();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await server.KillAsync();
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await server.AgainAsync();

        await UntilAsync(() => Task.FromResult(confirmed.All(received.ContainsKey)));
        await subscription.StopAsync(Cancel);

        TestContext.Current.TestOutputHelper?.WriteLine($"{confirmed.Count} confirmed, {received.Count} received, {received.Values.Sum() - received.Count} twice");
    }

    [Fact]
    public async Task Connections_that_are_cut_cost_nothing_and_count_no_attempt()
    {
        await using var transport = await _transports.OpenAsync(options => options.ConnectionString += $";Application Name={Place.Schema}");
        var hold = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        var attempts = new ConcurrentQueue<(string Text, int Attempt)>();
        var subscription = await transport.SubscribeAsync(Wanted("all", 2), async (incoming, _) =>
        {
            attempts.Enqueue((Encoding.UTF8.GetString(incoming.Body.Span), incoming.Attempt));
            arrived.Release();
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        }, Cancel);
        await transport.PublishAsync(Outgoing("one"), Cancel);
        await transport.PublishAsync(Outgoing("two"), Cancel);
        await arrived.WaitAsync(Cancel);
        await arrived.WaitAsync(Cancel);

        (await Place.ReadAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{schema}'")).ShouldBeGreaterThan(1);
        hold.SetResult();
        await UntilAsync(async () =>
        {
            try
            {
                await transport.PublishAsync(Outgoing("three"), Cancel);
                return true;
            }
            catch (TransportException)
            {
                // As the worker would: with the same event again.
                return false;
            }
        });
        await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await subscription.StopAsync(Cancel);

        attempts.ShouldBe([("one", 1), ("two", 1), ("three", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_receiver_had_in_hand_that_is_heard_of_no_more_goes_to_another_uncounted_and_what_it_says_late_does_not_count()
    {
        await using var transport = await _transports.OpenAsync(options => options.ReceiverLease = TimeSpan.FromHours(1));
        var taken = new TaskCompletionSource();
        var late = new TaskCompletionSource();
        var first = await transport.SubscribeAsync(Wanted("all", 1), async (_, _) =>
        {
            taken.TrySetResult();
            await late.Task;
            return ReceiveOutcome.DeadLetter("Nobody listens to this any more.");
        }, Cancel);
        await transport.PublishAsync(Outgoing("one"), Cancel);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await Place.ExecuteAsync("UPDATE {schema}.transport_receivers SET lease_until = clock_timestamp() - interval '1 second'");
        var arrived = new TaskCompletionSource<(string, int)>();
        var acknowledge = new TaskCompletionSource();
        var second = await transport.SubscribeAsync(Wanted("all", 1), async (incoming, _) =>
        {
            arrived.TrySetResult((Encoding.UTF8.GetString(incoming.Body.Span), incoming.Attempt));
            await acknowledge.Task;
            return ReceiveOutcome.Acknowledged;
        }, Cancel);

        (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(("one", 1));
        late.SetResult();
        await first.StopAsync(Cancel);
        (await transport.DeadLetters.ListAsync("all", 10, Cancel)).ShouldBeEmpty();
        acknowledge.SetResult();
        await second.StopAsync(Cancel);
        (await RowsAsync()).ShouldBe("1 subscriptions, 0 receivers, 0 events, 0 queued, 0 dead");
    }

    [Fact]
    public async Task A_temporary_subscription_whose_process_is_gone_leaves_nothing_behind()
    {
        await using var transport = await _transports.OpenAsync(options => options.ReceiverLease = TimeSpan.FromHours(1));
        var done = new SemaphoreSlim(0);
        await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"] }, (_, _) =>
        {
            done.Release();
            return new(ReceiveOutcome.RetryAfter(TimeSpan.FromHours(1), "not now"));
        }, Cancel);
        (await transport.PublishAsync(Outgoing("one"), Cancel)).ShouldBe(PublishResult.Routed);
        await done.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await UntilAsync(async () => await Place.ReadAsync<long>("SELECT count(*) FROM {schema}.transport_queue WHERE state = 2") == 1);

        await Place.ExecuteAsync("UPDATE {schema}.transport_receivers SET lease_until = clock_timestamp() - interval '1 second'");
        (await transport.PublishAsync(Outgoing("two"), Cancel)).ShouldBe(PublishResult.Unrouted);
        await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["other"] }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        await UntilAsync(async () => await RowsAsync() == "0 subscriptions, 0 receivers, 0 events, 0 queued, 0 dead");
    }

    [Fact]
    public async Task A_temporary_subscription_that_is_stopped_leaves_nothing_behind()
    {
        await using var transport = await _transports.OpenAsync(null);
        await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"] }, static (_, _) => new(ReceiveOutcome.DeadLetter("broken")), Cancel))
        {
            await transport.PublishAsync(Outgoing("one"), Cancel);
        }

        (await RowsAsync()).ShouldBe("0 subscriptions, 0 receivers, 0 events, 0 queued, 0 dead");
    }

    [Fact]
    public async Task An_event_is_written_once_and_gone_when_all_subscriptions_are_done_with_it()
    {
        await using var transport = await _transports.OpenAsync(null);
        var hold = new TaskCompletionSource();
        var subscriptions = new List<ITransportSubscription>();
        foreach (var key in (string[])["one", "two", "three"])
        {
            subscriptions.Add(await transport.SubscribeAsync(Wanted(key, 16), async (_, _) =>
            {
                await hold.Task;
                return ReceiveOutcome.Acknowledged;
            }, Cancel));
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => transport.PublishAsync(Outgoing($"{number}"), Cancel).AsTask()));
        (await RowsAsync()).ShouldBe("3 subscriptions, 3 receivers, 100 events, 300 queued, 0 dead");
        hold.SetResult();
        await UntilAsync(async () => await Place.ReadAsync<long>("SELECT count(*) FROM {schema}.transport_queue") == 0);
        foreach (var subscription in subscriptions)
        {
            await subscription.StopAsync(Cancel);
        }

        // Those of which the last two were done at the same moment are left for the sweep.
        await transport.SweepAsync(Cancel);
        (await RowsAsync()).ShouldBe("3 subscriptions, 0 receivers, 0 events, 0 queued, 0 dead");
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_without_the_password()
    {
        await using var transport = _transports.Create(options => options.ConnectionString = "Host=127.0.0.1;Port=1;Database=shop;Username=shop;Password=not to be seen");

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        exception.Message.ShouldContain("PostgreSQL database 'shop' on 127.0.0.1:1");
        exception.Message.ShouldContain("See that the server runs");
        exception.ToString().ShouldNotContain("not to be seen");
    }

    [Fact]
    public async Task Tables_that_are_missing_and_not_to_be_made_are_told_of()
    {
        await using var transport = _transports.Create(options => options.ApplyMigrations = false);

        (await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel))).Message
            .ShouldContain($"PostgresTransportOptions.ApplyMigrations is false. Apply what PostgresMigrations.Script(0, \"{Place.Schema}\") says");
    }

    [Fact]
    public void Values_that_cannot_be_are_refused()
    {
        Should.Throw<CarillonException>(() => new PostgresTransport(new PostgresTransportOptions())).Message.ShouldContain("UsePostgresTransport wants a connection string");
        Should.Throw<CarillonException>(() => _transports.Create(options => options.PollInterval = TimeSpan.Zero)).Message.ShouldContain("PollInterval is 00:00:00");
        Should.Throw<CarillonException>(() => _transports.Create(options => options.ReceiverLease = TimeSpan.Zero)).Message.ShouldContain("ReceiverLease is 00:00:00");
    }

    internal static TransportSubscription Wanted(string key, int concurrency) => new() { Patterns = ["poll.#"], Key = key, Concurrency = concurrency };

    internal static OutgoingEvent Outgoing(string text, string? key = null, string name = "poll.created") => new()
    {
        EventName = name,
        Id = Guid.CreateVersion7(),
        Key = key,
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes(text),
    };

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private ValueTask<string> RowsAsync() => Place.ReadAsync<string>(
        """
        SELECT format('%s subscriptions, %s receivers, %s events, %s queued, %s dead', (SELECT count(*) FROM {schema}.transport_subscriptions),
            (SELECT count(*) FROM {schema}.transport_receivers), (SELECT count(*) FROM {schema}.transport_events), (SELECT count(*) FROM {schema}.transport_queue),
            (SELECT count(*) FROM {schema}.transport_dead))
        """);
}
