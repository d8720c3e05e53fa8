using System.Text.Json.Nodes;
using Carillon.Envelopes;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

public sealed class EventStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_appended_is_read_forwards_and_backwards()
    {
        await using var application = await StartAsync();
        var store = Store(application);

        var result = await store.AppendAsync("account-1", ExpectedVersion.NoStream, [new Deposited(3), new Withdrawn(1), new Deposited(4)], cancellationToken: Cancel);

        result.ShouldBe(new AppendResult(3, 3));
        (await ListAsync(store.ReadAsync("account-1", cancellationToken: Cancel))).ShouldBe([new Deposited(3), new Withdrawn(1), new Deposited(4)]);
        (await ListAsync(store.ReadAsync("account-1", 2, cancellationToken: Cancel))).ShouldBe([new Withdrawn(1), new Deposited(4)]);
        (await ListAsync(store.ReadAsync("account-1", direction: ReadDirection.Backwards, cancellationToken: Cancel))).ShouldBe([new Deposited(4), new Withdrawn(1), new Deposited(3)]);
        (await ListAsync(store.ReadAsync("account-1", 2, ReadDirection.Backwards, Cancel))).ShouldBe([new Withdrawn(1), new Deposited(3)]);
        (await ListAsync(store.ReadAsync("account-1", 9, cancellationToken: Cancel))).ShouldBeEmpty();
        (await store.FindVersionAsync("account-1", Cancel)).ShouldBe(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(500)]
    public async Task Pages_are_nobodys_concern(int pageSize)
    {
        await using var application = await StartAsync(options => options.PageSize = pageSize);
        var store = Store(application);
        for (var i = 1; i <= 6; i++)
        {
            await store.AppendAsync($"account-{i % 2}", ExpectedVersion.Any, [new Deposited(i)], cancellationToken: Cancel);
        }

        (await ListAsync(store.ReadAsync("account-1", cancellationToken: Cancel))).ShouldBe(Deposits(1, 3, 5));
        (await ListAsync(store.ReadAsync("account-1", direction: ReadDirection.Backwards, cancellationToken: Cancel))).ShouldBe(Deposits(5, 3, 1));
        (await ListAsync(store.ReadAllAsync(cancellationToken: Cancel))).ShouldBe(Deposits(1, 2, 3, 4, 5, 6));
        (await ListAsync(store.ReadAllAsync(2, cancellationToken: Cancel))).ShouldBe(Deposits(3, 4, 5, 6));
        (await ListAsync(store.ReadAllAsync(direction: ReadDirection.Backwards, cancellationToken: Cancel))).ShouldBe(Deposits(6, 5, 4, 3, 2, 1));
        (await ListAsync(store.ReadAllAsync(4, ReadDirection.Backwards, Cancel))).ShouldBe(Deposits(6, 5));
        (await ListAsync(store.ReadAllAsync(6, cancellationToken: Cancel))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_what_and_why_come_back_with_the_event()
    {
        await using var application = await StartAsync(options => options.Who = _ => "ada");
        var store = Store(application);
        var options = new AppendOptions { Metadata = { ["tenant"] = "north", ["reason"] = "a \"gift\"" } };

        await store.AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(3)], options, Cancel);
        await store.AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(4)], new AppendOptions { Who = "grace" }, Cancel);

        var recorded = await RecordedAsync(store.ReadAsync("account-1", cancellationToken: Cancel));
        recorded.Select(each => each.Who).ShouldBe(["ada", "grace"]);
        recorded[0].Metadata.ShouldBe(new Dictionary<string, string> { ["tenant"] = "north", ["reason"] = "a \"gift\"" }, ignoreOrder: true);
        recorded[1].Metadata.ShouldBeEmpty();
        recorded[0].EventName.ShouldBe("account.deposited");
        recorded[0].Envelope.CorrelationId.ShouldBe(recorded[0].Envelope.Id.ToString());
        recorded[0].Envelope.CausationId.ShouldBeNull();
    }

    [Fact]
    public async Task An_event_that_a_durable_listener_appends_names_its_cause()
    {
        await using var application = await StartAsync(configure: carillon => carillon.UseInMemory().AddListener<AppendsDeposit, Withdrawn>(listen => listen.Delivery = Delivery.Durable));

        await application.Events.DispatchAsync(new Withdrawn(1), Cancel);
        var recorded = await FirstAsync(Store(application).SubscribeAsync(cancellationToken: Cancel));

        recorded.Envelope.CausationId.ShouldNotBeNull();
        recorded.Envelope.CorrelationId.ShouldBe(recorded.Envelope.CausationId.ToString());
    }

    [Fact]
    public async Task An_event_of_an_older_version_is_read_as_what_it_is_today()
    {
        var database = new InMemoryStreamDatabase();
        await database.Streams.AppendAsync(null, "account-1", ExpectedVersion.Any, [Stored("account.moved", 1, "{\"address\":\"Lane 1\"}")], Cancel);
        await using var application = await StartAsync(configure: carillon => carillon
            .UseEventStore(_ => database)
            .AddEvent<Moved>()
            .AddUpcaster<Moved>(1, json => new JsonObject { ["street"] = json["address"]!.DeepClone(), ["town"] = "nowhere" }));

        (await ListAsync(Store(application).ReadAsync("account-1", cancellationToken: Cancel))).ShouldBe([new Moved("Lane 1", "nowhere")]);
    }

    [Fact]
    public async Task An_event_of_a_newer_version_and_a_damaged_one_say_so()
    {
        var database = new InMemoryStreamDatabase();
        await database.Streams.AppendAsync(
            null, "account-1", ExpectedVersion.Any, [Stored("account.moved", 3, "{}"), Stored("account.deposited", 1, "{\"amount\":\"many\"}"), Stored("account.deposited", 1, "{\"amount\":4}")], Cancel);
        await using var application = await StartAsync(configure: carillon => carillon.UseEventStore(_ => database).AddEvent<Moved>().AddUpcaster<Moved>(1, json => json));

        var recorded = await RecordedAsync(Store(application).ReadAsync("account-1", cancellationToken: Cancel));

        recorded[0].Problem.ShouldNotBeNull().ShouldContain("it has the version 3, and version 2 is the newest that is known here");
        recorded[1].Problem.ShouldNotBeNull().ShouldContain("at position 2 (stream 'account-1', version 2)");
        recorded[2].Event.ShouldBe(new Deposited(4));
    }

    [Fact]
    public async Task An_event_whose_type_is_gone_says_so_and_the_others_are_read()
    {
        var database = new InMemoryStreamDatabase();
        await using (var before = await StartAsync(configure: carillon => carillon.UseEventStore(_ => database).AddEvent<Closed>()))
        {
            await Store(before).AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(3), new Closed("bankrupt"), new Deposited(4)], cancellationToken: Cancel);
        }

        await using var after = await StartAsync(configure: carillon => carillon.UseEventStore(_ => database));
        var recorded = await RecordedAsync(Store(after).ReadAsync("account-1", cancellationToken: Cancel));

        recorded.Select(each => each.Problem is null).ShouldBe([true, false, true]);
        recorded[2].Event.ShouldBe(new Deposited(4));
        recorded[1].EventName.ShouldBe("account.closed");
        var exception = Should.Throw<EventSerializationException>(() => recorded[1].Event);
        exception.Message.ShouldBe(recorded[1].Problem);
        exception.Message.ShouldContain("'account.closed' at position 2 (stream 'account-1', version 2)");
        exception.Message.ShouldContain("AddEvent<T>()");
    }

    [Fact]
    public async Task A_subscription_has_what_was_there_and_then_what_comes()
    {
        await using var application = await StartAsync();
        var store = Store(application);
        await store.AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(1), new Deposited(2)], cancellationToken: Cancel);
        await using var reader = store.SubscribeAsync(1, Cancel).GetAsyncEnumerator(Cancel);
        await reader.MoveNextAsync();
        var first = reader.Current;
        var next = reader.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();

        await store.AppendAsync("account-2", ExpectedVersion.Any, [new Deposited(3)], cancellationToken: Cancel);

        (await next).ShouldBeTrue();
        (first.Event, reader.Current.Event, reader.Current.Position).ShouldBe((new Deposited(2), new Deposited(3), 3L));
    }

    [Fact]
    public async Task A_snapshot_saves_reading_what_is_in_it()
    {
        await using var application = await StartAsync();
        var store = Store(application);
        await store.SaveSnapshotAsync("account-1", 7, new Balance(12), cancellationToken: Cancel);

        var snapshot = (await store.FindSnapshotAsync<Balance>("account-1", cancellationToken: Cancel)).ShouldNotBeNull();

        (snapshot.State, snapshot.Version).ShouldBe((new Balance(12), 7L));
        (await store.FindSnapshotAsync<Balance>("account-1", "another shape", Cancel)).ShouldBeNull();
        (await store.FindSnapshotAsync<Balance>("account-2", cancellationToken: Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_read_any_more_is_none()
    {
        await using var application = await StartAsync();
        var store = Store(application);
        await store.SaveSnapshotAsync("account-1", 7, new OldBalance("twelve"), "balance", Cancel);

        (await store.FindSnapshotAsync<Balance>("account-1", "balance", Cancel)).ShouldBeNull();

        application.Log.Entries.ShouldContain(entry => entry.Id == 460);
    }

    [Fact]
    public async Task A_stream_is_folded_from_its_snapshot_on()
    {
        await using var application = await StartAsync();
        var store = Store(application);
        var applied = new List<object>();
        Balance Apply(Balance balance, object e)
        {
            applied.Add(e);
            return e is IAccountEvent account ? new Balance(balance.Amount + account.Amount) : balance;
        }

        var empty = await store.FoldAsync("account-1", new Balance(0), Apply, cancellationToken: Cancel);
        await store.AppendAsync("account-1", empty.Expected, [new Deposited(1), new Deposited(2)], cancellationToken: Cancel);
        var whole = await store.FoldAsync("account-1", new Balance(0), Apply, cancellationToken: Cancel);
        await store.SaveSnapshotAsync("account-1", whole.Version, whole.State, cancellationToken: Cancel);
        await store.AppendAsync("account-1", whole.Expected, [new Deposited(4)], cancellationToken: Cancel);
        applied.Clear();
        var rest = await store.FoldAsync("account-1", new Balance(0), Apply, cancellationToken: Cancel);

        empty.ShouldBe(new StreamState<Balance>(new Balance(0), 0, 0));
        whole.ShouldBe(new StreamState<Balance>(new Balance(3), 2, 0));
        rest.ShouldBe(new StreamState<Balance>(new Balance(7), 3, 2));
        applied.ShouldBe([new Deposited(4)]);
    }

    [Fact] // S3
    public async Task One_listener_appends_every_domain_event()
    {
        await using var application = await StartAsync(configure: carillon => carillon.StoreEvents<IAccountEvent>(e => $"account-{e.Amount}").AddEvent<Deposited>().AddEvent<Withdrawn>());

        await application.Events.DispatchAsync(new Deposited(1), Cancel);
        await application.Events.DispatchAsync(new Withdrawn(1), Cancel);
        await application.Events.DispatchAsync(new Deposited(2), Cancel);

        var store = Store(application);
        (await ListAsync(store.ReadAsync("account-1", cancellationToken: Cancel))).ShouldBe([new Deposited(1), new Withdrawn(1)]);
        (await ListAsync(store.ReadAllAsync(cancellationToken: Cancel))).ShouldBe([new Deposited(1), new Withdrawn(1), new Deposited(2)]);
    }

    [Fact]
    public async Task What_is_appended_and_dispatched_reaches_its_listeners_and_is_not_appended_again()
    {
        var heard = new List<IAccountEvent>();
        await using var application = await StartAsync(configure: carillon => carillon
            .StoreEvents<IAccountEvent>(e => "all")
            .Listen<IAccountEvent>(heard.Add));
        var store = Store(application);

        await store.AppendAsync("account-1", ExpectedVersion.NoStream, [new Deposited(1), new Deposited(2)], new AppendOptions { Dispatch = true }, Cancel);
        await store.AppendAsync("account-1", ExpectedVersion.Exactly(2), [new Deposited(3)], cancellationToken: Cancel);

        heard.ShouldBe([new Deposited(1), new Deposited(2)]);
        (await store.FindVersionAsync("all", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task In_memory_what_is_appended_in_a_unit_of_work_is_there_at_once()
    {
        await using var application = await StartAsync(configure: carillon => carillon.UseInMemory());
        await using var connection = new Transactions.TestConnection(new Transactions.TestDatabase());
        await connection.OpenAsync(Cancel);
        await using (await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel))
        {
            await Store(application).AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(1)], cancellationToken: Cancel);
        }

        (await Store(application).FindVersionAsync("account-1", Cancel)).ShouldBe(1);
    }

    private static NewEvent Stored(string name, int version, string json) => new()
    {
        Envelope = new Envelope
        {
            Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
            EventName = name,
            EventVersion = version,
            Time = DateTimeOffset.UnixEpoch,
            CorrelationId = "correlation",
            Payload = System.Text.Encoding.UTF8.GetBytes(json),
        },
    };

    private static IEnumerable<object> Deposits(params int[] amounts) => amounts.Select(amount => new Deposited(amount));

    internal static IEventStore Store(Application application) => application.Scope.GetRequiredService<IEventStore>();

    internal static async Task<Application> StartAsync(Action<EventStoreOptions>? options = null, Action<CarillonBuilder>? configure = null)
    {
        return await Application.StartAsync(carillon =>
        {
            carillon.UseEventStore(options).AddEvent<Deposited>().AddEvent<Withdrawn>();
            configure?.Invoke(carillon);
        });
    }

    private static async Task<List<object>> ListAsync(IAsyncEnumerable<RecordedEvent> events) => [.. (await RecordedAsync(events)).Select(each => each.Event)];

    private static async Task<List<RecordedEvent>> RecordedAsync(IAsyncEnumerable<RecordedEvent> events)
    {
        var list = new List<RecordedEvent>();
        await foreach (var each in events)
        {
            list.Add(each);
        }

        return list;
    }

    private static async Task<RecordedEvent> FirstAsync(IAsyncEnumerable<RecordedEvent> events)
    {
        await foreach (var each in events)
        {
            return each;
        }

        throw new InvalidOperationException("There is none.");
    }
}
