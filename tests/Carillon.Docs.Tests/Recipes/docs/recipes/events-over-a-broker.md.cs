using System.Net;
using System.Threading.Channels;
using Carillon;
using Carillon.Hosting;
using Carillon.RabbitMq;
using Carillon.Testing;
using Carillon.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Shouldly;

public sealed class Journal
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Note(string line) => _lines.Writer.TryWrite(line);

    public Task<string> NextAsync(CancellationToken ct) => Tests.NextAsync(_lines, ct);
}

public sealed class ReportBuilder
{
    private readonly Channel<string> _tries = Channel.CreateUnbounded<string>();

    public int Refusals { get; set; }

    public ValueTask<bool> TryBuildAsync(string foo, string bar, CancellationToken ct)
    {
        var isBuilt = Refusals-- <= 0;
        _tries.Writer.TryWrite($"{(isBuilt ? "built" : "refused")} {foo} {bar}");
        return new(isBuilt);
    }

    public Task<string> NextAsync(CancellationToken ct) => Tests.NextAsync(_tries, ct);
}

public static class Tests
{
    public static async Task Events_leave_by_name_and_as_objects_and_reach_a_function_with_a_key(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        var receiver = await broker.ReceiverAsync(carillon => Known(carillon));
        await Page.Receive(receiver);
        var all = Channel.CreateUnbounded<string>();
        await using var watching = await receiver.Events!.ReceiveAsync("#", (received, _) => all.Writer.WriteAsync(received.Name, CancellationToken.None), cancellationToken: ct);
        var sender = await broker.SenderAsync();

        await Page.Send(sender);
        await sender.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        string[] names = [await NextAsync(all, ct), await NextAsync(all, ct), await NextAsync(all, ct)];
        names.ShouldBe(["cache.cleared", "cache.cleared", "report.requested"], ignoreOrder: true);
        (await receiver.Get<Journal>().NextAsync(ct)).ShouldBe("[+] received report.requested: Bar");
    }

    public static async Task With_a_key_what_is_sent_while_the_subscriber_is_away_waits_and_without_one_it_is_gone(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        await using (var first = await broker.ReceiverAsync(carillon => Known(carillon)))
        {
            await Page.Receive(first);
            await first.Events!.ReceiveAsync("#", (received, _) => default, cancellationToken: ct);
        }

        var sender = await broker.SenderAsync();
        await sender.Events!.DispatchAsync(new ReportRequested("Bar", "Foo"), ct);
        await sender.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);          // published and confirmed
        var second = await broker.ReceiverAsync(carillon => Known(carillon));
        var temporary = Channel.CreateUnbounded<string>();
        await using var watching = await second.Events!.ReceiveAsync("#", (received, _) => temporary.Writer.WriteAsync(received.Name, CancellationToken.None), cancellationToken: ct);
        await Page.Receive(second);

        (await second.Get<Journal>().NextAsync(ct)).ShouldBe("[+] received report.requested: Bar");
        await sender.Events!.DispatchAsync(new CacheCleared(), ct);
        await sender.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);
        (await NextAsync(temporary, ct)).ShouldBe("cache.cleared");
    }

    public static async Task An_event_that_a_function_rejects_comes_again_after_a_while(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        var receiver = await broker.ReceiverAsync(carillon => Known(carillon));
        receiver.Get<ReportBuilder>().Refusals = 1;
        await Page.Reject(receiver);

        await broker.RequestAsync();

        (await receiver.Get<ReportBuilder>().NextAsync(ct)).ShouldBe("refused Bar Foo");
        (await receiver.Get<ReportBuilder>().NextAsync(ct)).ShouldBe("built Bar Foo");
    }

    public static async Task An_event_that_a_listener_rejects_comes_again_too(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        var receiver = await broker.SubscriberAsync();
        receiver.Get<ReportBuilder>().Refusals = 1;

        await broker.RequestAsync();

        (await receiver.Get<ReportBuilder>().NextAsync(ct)).ShouldBe("refused Bar Foo");
        (await receiver.Get<ReportBuilder>().NextAsync(ct)).ShouldBe("built Bar Foo");
    }

    public static async Task What_nobody_knows_is_kept_and_shown(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        var receiver = await broker.ReceiverAsync(carillon => carillon.Subscribe("#", subscription => subscription.Key = "receiver_id"));

        await broker.RequestAsync();

        var letters = receiver.Get<ITransport>().DeadLetters;
        IReadOnlyList<DeadLetter> kept = [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (kept.Count == 0)
        {
            kept = await letters.ListAsync("receiver_id", 10, patience.Token);
        }

        kept.ShouldHaveSingleItem().IsParked.ShouldBeTrue();
    }

    public static async Task The_daemon_is_ready_and_does_its_work(CancellationToken ct)
    {
        await using var broker = new Broker(ct);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration["ConnectionStrings:Broker"] = Broker.Address;
        builder.Configuration["ConnectionStrings:Deliveries"] = broker.Deliveries;
        builder.Services.Configure<RabbitMqOptions>(options => options.Exchange = broker.Exchange);
        await using var daemon = Receiver.Build(builder);
        await daemon.StartAsync(ct);

        (await daemon.GetTestClient().GetAsync("/health/ready", ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await daemon.GetTestClient().GetAsync("/health/live", ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await broker.RequestAsync();

        (await daemon.Services.GetRequiredService<ReportBuilder>().NextAsync(ct)).ShouldBe("built Bar Foo");
        await daemon.StopAsync(ct);
    }

    public static async Task The_exit_code_tells_that_the_broker_is_away(CancellationToken ct)
    {
        await using var broker = new Broker(ct);

        var code = await Receiver.Main(["--urls=http://127.0.0.1:0", $"--ConnectionStrings:Deliveries={broker.Deliveries}", "--ConnectionStrings:Broker=amqp://guest:guest@127.0.0.1:1/"]);

        code.ShouldBe(WorkerExitCode.Unavailable);
    }

    internal static Task<string> NextAsync(Channel<string> channel, CancellationToken ct) => channel.Reader.ReadAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), ct);

    private static CarillonBuilder Known(CarillonBuilder carillon) => carillon.AddEvent<ReportRequested>().AddEvent<CacheCleared>();

    /// <summary>An exchange of its own on the broker that ./test has started, and the applications of a test around it.</summary>
    private sealed class Broker(CancellationToken ct) : IAsyncDisposable
    {
        private readonly List<Given> _applications = [];
        private readonly string _file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"carillon-{Guid.NewGuid():N}.db");

        public static string Address => Environment.GetEnvironmentVariable("CARILLON_TEST_RABBITMQ")
            ?? throw new InvalidOperationException("CARILLON_TEST_RABBITMQ is not set: let ./test run these tests, or set it to the address of a broker.");

        public string Deliveries => $"Data Source={_file};Pooling=false";

        public string Exchange { get; } = $"recipe-{Guid.NewGuid():N}";

        public Task<Given> SenderAsync() => StartAsync(Page.ConfigureSender, carillon => carillon.RunDeliveriesByHand());

        public Task<Given> SubscriberAsync() => StartAsync(Page.Subscribe);

        public Task<Given> ReceiverAsync(Action<CarillonBuilder> configure) => StartAsync(
            page =>
            {
                configure(page.Carillon!.UseRabbitMq(Address));
                return Task.CompletedTask;
            });

        public async Task RequestAsync()
        {
            var sender = await SenderAsync();
            await sender.Events!.DispatchAsync(new ReportRequested("Bar", "Foo"), ct);
            await sender.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);
        }

        public async ValueTask DisposeAsync()
        {
            var cleaner = await ReceiverAsync(_ => { });
            foreach (var application in _applications.Where(application => application != cleaner))
            {
                await application.DisposeAsync();
            }

            await cleaner.Get<ITransport>().DeleteSubscriptionAsync("receiver_id", CancellationToken.None);
            await cleaner.DisposeAsync();
            foreach (var file in new[] { _file, $"{_file}-wal", $"{_file}-shm" })
            {
                System.IO.File.Delete(file);
            }
        }

        private async Task<Given> StartAsync(Func<Given, Task> configure, Action<CarillonBuilder>? test = null)
        {
            var given = await Given.StartAsync(
                ct,
                page =>
                {
                    page.Builder!.Configuration["ConnectionStrings:Broker"] = Address;
                    return configure(page);
                },
                services => services.AddSingleton<Journal>().AddSingleton<ReportBuilder>(),
                carillon =>
                {
                    carillon.UseInMemory().UseRabbitMq(options => options.Exchange = Exchange);
                    test?.Invoke(carillon);
                });
            _applications.Add(given);
            return given;
        }
    }
}
