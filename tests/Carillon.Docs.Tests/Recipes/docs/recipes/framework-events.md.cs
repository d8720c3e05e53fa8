using Carillon;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Middleware;
using Carillon.Sagas;
using Carillon.Scheduling;
using Carillon.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Caching.Hybrid;
using Shouldly;

public static class Tests
{
    private static readonly UserId Ada = new(Guid.Parse("00000000-0000-0000-0000-000000000001"));

    public static async Task The_bus_publishes_and_the_dispatcher_of_the_scope_is_the_same_object(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        var order = await Make<OrderService>(given).CreateAsync(Ada, new Money(10, "EUR"), ct);

        given.Get<EventRecorder>().OnlyCommitted<OrderCreated>().Order.ShouldBe(order);
        given.Get<IEventBus>().ShouldBeSameAs(given.Get<IEventDispatcher>());
        given.Get<Outside>().Saved.ShouldBe([order]);
        await Page.Container(given);
    }

    public static async Task Results_are_collected_and_a_refusal_stops_those_after_it(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var payments = Make<PaymentProcessor>(given);

        (await payments.ProcessAsync(default, new Money(10, "EUR"), ct)).ShouldBe([new PaymentAccepted("charged 10")]);
        (await Should.ThrowAsync<PaymentException>(() => payments.ProcessAsync(default, new Money(0, "EUR"), ct))).Message.ShouldBe("nothing to pay");

        given.Get<Outside>().Charged.ShouldBe(1);
    }

    public static async Task The_host_tells_that_it_has_booted(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        given.Get<Journal>().Lines.ShouldBe(["booted as Production"]);
    }

    public static async Task Requests_are_told_before_and_after_and_can_be_answered(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        Services(builder.Services);
        await using var site = Site.Build(builder);
        _ = site.Services.GetRequiredService<DatabaseFile>();
        await site.StartAsync(ct);

        (await site.GetTestClient().GetStringAsync("/", ct)).ShouldBe("hello");
        ((int)(await site.GetTestClient().GetAsync("/admin", ct)).StatusCode).ShouldBe(403);

        var lines = site.Services.GetRequiredService<Journal>().Lines;
        lines.ShouldContain("acme / 200 True");
        await site.StopAsync(ct);
    }

    public static async Task Handlers_run_by_priority_with_their_services(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Make<UserService>(given).RegisterAsync("ada@example.com", "Ada", ct);

        given.Get<Outside>().Mails.ShouldBe(["ada@example.com: Welcome, Ada"]);
        given.Get<Journal>().Lines.ShouldContain("Ada is one more");
        given.Get<EventRecorder>().Calls.Where(call => call.Event is UserRegistered).Select(call => call.ListenerId)
            .ShouldBe(["UserHandlers.SendWelcomeEmail", "UserHandlers.LogRegistration", "UserStatistics.UserRegistered", "EventStore(IDomainEvent)"]);
        given.Get<Outside>().Users.ShouldBe(["Ada"]);
    }

    public static async Task The_bands_run_from_critical_to_low(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await given.Events!.DispatchAsync(new OrderChecked(default), ct);

        given.Get<Journal>().Lines.Skip(1).ShouldBe(["critical", "high", "normal", "low"]);
    }

    public static async Task One_that_is_the_last_word_stops_the_rest(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        (await given.Events!.DispatchAsync(new PriceAsked("lamp"), ct)).Price.ShouldBe(9);
    }

    public static async Task A_handler_can_come_and_go_while_the_application_runs(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.WhileRunning(given);
        await given.Events!.DispatchAsync(new OrderChecked(default), ct);

        given.Get<Journal>().Lines.Count(line => line == "watched").ShouldBe(1);
        given.Get<Journal>().Lines[1].ShouldBe("watched");
    }

    public static async Task An_invalid_event_is_refused_with_the_reason(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        (await Should.ThrowAsync<EventInvalidException>(() => Make<UserService>(given).RegisterAsync("nowhere", "Ada", ct))).Message.ShouldContain("'nowhere' is no address");

        given.Get<EventRecorder>().None<UserRegistered>();
        given.Get<Log>().Lines.ShouldContain("Event failed: user.registered");
    }

    public static async Task A_job_and_a_reminder_follow_an_order(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var order = await Make<OrderService>(given).CreateAsync(Ada, new Money(10, "EUR"), ct);

        given.Get<Outside>().Mails.ShouldBeEmpty();
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);
        given.Get<Outside>().Mails.ShouldBe([$"customer@example.com: Order {order.Value}"]);
        await given.Application!.Services.DrainDeliveriesAsync(given.Get<TimeProvider>().GetUtcNow().AddDays(3), cancellationToken: ct);
        given.Get<Outside>().Mails.ShouldContain($"customer@example.com: Reminder {order.Value}");
    }

    public static async Task A_command_leaves_a_row_and_a_read_model_and_the_cache_forgets_after_the_commit(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        var order = await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);

        (await ReadAsync(given, "SELECT o.id || ' ' || v.total || ' ' || v.status FROM orders o JOIN order_overview v ON v.order_id = o.id", ct))
            .ShouldHaveSingleItem().ShouldBe($"{order.Value} 10 EUR created", StringCompareShould.IgnoreCase);
        given.Get<Cache>().Removed.ShouldBe([$"user_{Ada.Value}"]);
    }

    public static async Task A_command_that_fails_leaves_neither_and_the_cache_keeps_what_it_has(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        await ReadAsync(given, "DROP TABLE order_overview", ct);

        await Should.ThrowAsync<SqliteException>(() => Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct));

        (await ReadAsync(given, "SELECT id FROM orders", ct)).ShouldBeEmpty();
        given.Get<Cache>().Removed.ShouldBeEmpty();
        (await given.Get<IEventStore>().FindEndAsync(ct)).Last.ShouldBe(0);
        await given.Application!.Services.NoDeliveryAsync("OrderProcess.Reserve", cancellationToken: ct);
    }

    public static async Task A_projection_counts_each_stored_event_once(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);
        await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(20, "EUR")), ct);

        await given.Get<IProjections>().WaitAsync("orders-of-users", (await given.Get<IEventStore>().FindEndAsync(ct)).Position, ct);

        (await ReadAsync(given, "SELECT orders FROM orders_of_users", ct)).ShouldBe(["2"]);
    }

    public static async Task What_is_said_again_and_again_comes_at_its_times(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await given.Application!.Services.DrainDeliveriesAsync(given.Get<TimeProvider>().GetUtcNow().AddDays(1), cancellationToken: ct);

        given.Get<EventRecorder>().OnlyCommitted<NightBegun>().At.TimeOfDay.ShouldBe(TimeSpan.FromHours(3));
        given.Get<EventRecorder>().Committed<SweepBegun>().Count.ShouldBe(24 * 6);
    }

    public static async Task A_test_lets_three_days_pass(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.ATest(given);
    }

    public static async Task What_is_buffered_runs_after_the_commit_and_is_dropped_with_a_rollback(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Should.ThrowAsync<InvalidOperationException>(() => Make<Checkout>(given).RunAsync(default, fails: true, ct));
        given.Get<EventRecorder>().None<OrderChecked>();
        await Make<Checkout>(given).RunAsync(default, fails: false, ct);

        given.Get<EventRecorder>().Events.Select(each => each.GetType()).ShouldBe([typeof(OrderChecked), typeof(StockHeld)]);
    }

    public static async Task A_handler_degrades_gracefully_and_heavy_work_waits(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        given.Get<Outside>().MailIsDown = true;

        await given.Events!.DispatchAsync(new OrderShipped(default), ct);
        await given.Events!.DispatchAsync(new OrderCancelled(default, "no stock"), ct);
        given.Get<Journal>().Lines.Skip(1).ShouldBe(["OrderShipped", "OrderCancelled"]);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        given.Get<Journal>().Lines.ShouldContain("invoice");
        given.Get<Outside>().Archived.ShouldBe(1);
    }

    public static async Task Every_domain_event_is_in_the_stream_of_what_it_is_about(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Make<UserService>(given).RegisterAsync("ada@example.com", "Ada", ct);
        var order = await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);

        var now = given.Get<TimeProvider>().GetUtcNow();
        (await Make<OrderHistory>(given).ReadAsync(order, ct)).ShouldBe([$"1 order.created {now:u}"]);
        (await given.Get<IEventStore>().FindVersionAsync("others", ct)).ShouldBe(1);
    }

    public static async Task An_order_is_reserved_charged_and_shipped(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        var order = await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        (await ReadAsync(given, "SELECT what FROM warehouse ORDER BY rowid", ct)).ShouldBe(["reserved", "shipped"]);
        given.Get<Outside>().Charged.ShouldBe(1);
        (await given.Get<ISagas>().FindAsync("order", $"{order.Value}", ct)).ShouldNotBeNull().Saga.Status.ShouldBe(SagaStatus.Completed);
    }

    public static async Task One_that_is_not_paid_is_released(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        given.Get<Outside>().Refusal = "no money";

        var order = await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        (await ReadAsync(given, "SELECT what FROM warehouse ORDER BY rowid", ct)).ShouldBe(["reserved", "released"]);
        (await given.Get<ISagas>().FindAsync("order", $"{order.Value}", ct)).ShouldNotBeNull().Saga.Reason.ShouldBe("no money");
    }

    public static async Task One_of_which_the_bank_says_nothing_is_given_up_after_an_hour(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        given.Get<Outside>().IsSilent = true;

        var order = await Make<CreateOrderHandler>(given).HandleAsync(new CreateOrder(Ada, new Money(10, "EUR")), ct);
        await given.Application!.Services.DrainDeliveriesAsync(given.Get<TimeProvider>().GetUtcNow().AddHours(1), cancellationToken: ct);

        (await ReadAsync(given, "SELECT what FROM warehouse ORDER BY rowid", ct)).ShouldBe(["reserved", "released"]);
        (await given.Get<ISagas>().FindAsync("order", $"{order.Value}", ct)).ShouldNotBeNull().Saga.Reason.ShouldBe("the bank has not answered");
    }

    private static async Task<List<string>> ReadAsync(Given given, string sql, CancellationToken ct)
    {
        var rows = new List<string>();
        await using var command = given.Get<SqliteConnection>().CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static T Make<T>(Given given) => ActivatorUtilities.CreateInstance<T>(given.Get<IServiceProvider>());

    private static async Task<Given> StartAsync(CancellationToken ct)
    {
        var given = await Given.StartAsync(
            ct,
            async page =>
            {
                await Page.ByHand(page);
                await Page.Pipeline(page);
                await Page.Store(page);
                await Page.Project(page);
                await Page.Recurring(page);
                await Page.Caches(page);
            },
            services => Services(services).AddCarillon(carillon => carillon.AddListeners()),
            carillon => carillon.UseSimulatedTime(new SimulatedTime()).RecordEvents().RunDeliveriesByHand());
        _ = given.Get<DatabaseFile>();
        return given;
    }

    private static IServiceCollection Services(IServiceCollection services)
    {
        var file = new DatabaseFile();
        var outside = new Outside();
        var log = new Log();
        return services
            .AddSingleton(_ => file)                                     // the container deletes it in the end, if it was asked for it
            .AddScoped(provider => provider.GetRequiredService<DatabaseFile>().Open())
            .AddSingleton<Journal>()
            .AddSingleton<Warehouse>()
            .AddSingleton(outside)
            .AddSingleton<IMailer>(outside)
            .AddSingleton<IPaymentGateway>(outside)
            .AddSingleton<IOrders>(outside)
            .AddSingleton<IUsers>(outside)
            .AddSingleton<Cache>()
            .AddSingleton<HybridCache>(provider => provider.GetRequiredService<Cache>())
            .AddSingleton(log)
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug))
            .AddCarillon(carillon => carillon.UseSqlite(file.Connection));
    }
}
