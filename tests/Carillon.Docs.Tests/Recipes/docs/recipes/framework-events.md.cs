using Carillon;
using Carillon.Deliveries;
using Carillon.Middleware;
using Carillon.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Caching.Hybrid;
using Shouldly;

public sealed class Journal
{
    public List<string> Lines { get; } = [];
}

public interface IMailer
{
    Task SendAsync(string address, string text, CancellationToken ct);
}

public interface IPaymentGateway
{
    ValueTask<string> ChargeAsync(Money amount, CancellationToken ct);
}

public interface IOrders
{
    Task SaveAsync(OrderId id, CancellationToken ct);
}

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

        given.Get<Journal>().Lines.ShouldBe(["booted"]);
    }

    public static async Task Requests_are_told_before_and_after_and_can_be_answered(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        Services(builder.Services);
        await using var site = Site.Build(builder);
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
            .ShouldBe(["UserHandlers.SendWelcomeEmail", "UserHandlers.LogRegistration", "UserStatistics.UserRegistered", "Audit.Append"]);
    }

    public static async Task The_bands_run_from_critical_to_low(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await given.Events!.DispatchAsync(new OrderChecked(default), ct);

        given.Get<Journal>().Lines.Skip(1).ShouldBe(["critical", "high", "normal", "low"]);
    }

    public static async Task An_invalid_event_is_refused_with_the_reason(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        (await Should.ThrowAsync<EventInvalidException>(() => Make<UserService>(given).RegisterAsync("nowhere", "Ada", ct))).Message.ShouldContain("'nowhere' is no address");

        given.Get<EventRecorder>().None<UserRegistered>();
        given.Get<Log>().Lines.ShouldContain("Event failed: user.registered");
    }

    public static async Task A_job_a_reminder_a_read_model_and_the_cache_follow_an_order(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var order = await Make<OrderService>(given).CreateAsync(Ada, new Money(10, "EUR"), ct);

        given.Get<OrderOverview>().Rows[order].ShouldBe("10 EUR, created");
        given.Get<Cache>().Removed.ShouldBe([$"user_{Ada.Value}"]);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);
        given.Get<Outside>().Mails.ShouldBe([$"customer@example.com: Order {order.Value}"]);
        await given.Application!.Services.DrainDeliveriesAsync(given.Get<TimeProvider>().GetUtcNow().AddDays(3), cancellationToken: ct);
        given.Get<Outside>().Mails.ShouldContain($"customer@example.com: Reminder {order.Value}");
    }

    public static async Task What_is_buffered_runs_after_the_commit_and_is_dropped_with_a_rollback(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Should.ThrowAsync<InvalidOperationException>(() => Make<Checkout>(given).RunAsync(default, fails: true, ct));
        given.Get<EventRecorder>().None<OrderChecked>();
        await Make<Checkout>(given).RunAsync(default, fails: false, ct);

        given.Get<EventRecorder>().Events.Select(each => each.GetType()).ShouldBe([typeof(OrderChecked), typeof(StockReserved)]);
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
    }

    public static async Task Every_domain_event_is_in_the_audit(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Make<UserService>(given).RegisterAsync("ada@example.com", "Ada", ct);

        await using var read = given.Get<SqliteConnection>().CreateCommand();
        read.CommandText = "SELECT event || ' ' || data FROM audit";
        ((string?)await read.ExecuteScalarAsync(ct)).ShouldNotBeNull().ShouldStartWith("user.registered {\"User\":{\"Value\":");
    }

    public static async Task Steps_follow_one_another(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await given.Events!.DispatchAsync(new BasketOrdered(default), ct);
        (await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct)).ShouldBe(3);

        given.Get<Journal>().Lines.Skip(1).ShouldBe(["reserved", "charged", "shipped"]);
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
            },
            services => Services(services).AddCarillon(carillon => carillon.AddListeners()),
            carillon => carillon.UseSimulatedTime(new SimulatedTime()).RecordEvents().RunDeliveriesByHand());
        return given;
    }

    private static IServiceCollection Services(IServiceCollection services)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE audit (event TEXT, data TEXT, occurred_at TEXT)";
        create.ExecuteNonQuery();
        var outside = new Outside();
        var log = new Log();
        return services
            .AddSingleton(connection)
            .AddSingleton<Journal>()
            .AddSingleton<OrderOverview>()
            .AddSingleton(outside)
            .AddSingleton<IMailer>(outside)
            .AddSingleton<IPaymentGateway>(outside)
            .AddSingleton<IOrders>(outside)
            .AddSingleton<Cache>()
            .AddSingleton<HybridCache>(provider => provider.GetRequiredService<Cache>())
            .AddSingleton(log)
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug))
            .AddCarillon(carillon => carillon.UseInMemory());
    }

    private sealed class Outside : IMailer, IPaymentGateway, IOrders
    {
        public bool MailIsDown { get; set; }

        public int Charged { get; private set; }

        public List<string> Mails { get; } = [];

        public List<OrderId> Saved { get; } = [];

        public Task SendAsync(string address, string text, CancellationToken ct)
        {
            if (MailIsDown)
            {
                throw new TimeoutException();
            }

            Mails.Add($"{address}: {text}");
            return Task.CompletedTask;
        }

        public ValueTask<string> ChargeAsync(Money amount, CancellationToken ct)
        {
            Charged++;
            return new($"charged {amount.Amount}");
        }

        public Task SaveAsync(OrderId id, CancellationToken ct)
        {
            Saved.Add(id);
            return Task.CompletedTask;
        }
    }

    private sealed class Cache : HybridCache
    {
        public List<string> Removed { get; } = [];

        public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
        {
            Removed.Add(tag);
            return default;
        }

        public override ValueTask<T> GetOrCreateAsync<TState, T>(
            string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
            factory(state, cancellationToken);

        public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => default;

        public override ValueTask SetAsync<T>(string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) => default;
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
