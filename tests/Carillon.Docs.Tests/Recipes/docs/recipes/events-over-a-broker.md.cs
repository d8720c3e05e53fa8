using Carillon;
using Carillon.Testing;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Shouldly;

public static class Tests
{
    public static async Task Events_leave_by_name_and_as_objects_and_reach_a_function_with_a_key(CancellationToken ct)
    {
        await using var hosts = new TestHosts();
        var receiver = Host(hosts, carillon => Known(carillon));
        var sender = await SenderAsync(hosts, ct);
        await hosts.StartAsync(receiver, sender);
        await Page.Receive(In(receiver, ct));
        var all = new List<string>();
        await using var watching = await In(receiver, ct).Events!.ReceiveAsync("#", (received, _) =>
        {
            lock (all)
            {
                all.Add(received.Name);
            }

            return ValueTask.CompletedTask;
        }, cancellationToken: ct);

        await Page.Send(In(sender, ct));
        await hosts.RunToIdleAsync(cancellationToken: ct);

        all.ShouldBe(["cache.cleared", "cache.cleared", "report.requested"], ignoreOrder: true);
        (await hosts.Transport.DeadLetters.ListAsync("receiver_id", 10, ct)).ShouldBeEmpty();
    }

    public static async Task With_a_key_what_is_sent_while_the_subscriber_is_away_waits_and_without_one_it_is_gone(CancellationToken ct)
    {
        await using var hosts = new TestHosts();
        var first = Host(hosts, carillon => Known(carillon).Subscribe("report.#"));
        var keyed = await ReceiverAsync(hosts, new Builder(), ct);
        var sender = await SenderAsync(hosts, ct);
        await hosts.StartAsync(first, keyed, sender);
        await hosts.StopAsync(first);
        await hosts.StopAsync(keyed);

        await In(sender, ct).Events!.DispatchAsync(new ReportRequested("Bar", "Foo"), ct);
        await hosts.RunToIdleAsync(cancellationToken: ct);
        var builder = new Builder();
        var temporary = Host(hosts, carillon => Known(carillon).Subscribe("report.#"));
        await hosts.StartAsync(await ReceiverAsync(hosts, builder, ct), temporary);
        await hosts.RunToIdleAsync(cancellationToken: ct);

        builder.Built.ShouldBe(["Bar Foo"]);
        temporary.Services.GetRequiredService<EventRecorder>().None<ReportRequested>();
    }

    public static async Task An_event_that_is_rejected_comes_again_after_a_while(CancellationToken ct)
    {
        await using var hosts = new TestHosts();
        var builder = new Builder { Refusals = 1 };
        var sender = await SenderAsync(hosts, ct);
        await hosts.StartAsync(await ReceiverAsync(hosts, builder, ct), sender);

        await In(sender, ct).Events!.DispatchAsync(new ReportRequested("Bar", "Foo"), ct);
        await hosts.RunToIdleAsync(cancellationToken: ct);
        builder.Built.ShouldBeEmpty();
        hosts.Time.Advance(TimeSpan.FromMinutes(1));
        await hosts.RunToIdleAsync(cancellationToken: ct);

        builder.Built.ShouldBe(["Bar Foo"]);
    }

    public static async Task What_nobody_knows_is_kept_and_shown(CancellationToken ct)
    {
        await using var hosts = new TestHosts();
        var sender = await SenderAsync(hosts, ct);
        await hosts.StartAsync(Host(hosts, carillon => carillon.Subscribe("#", subscription => subscription.Key = "all")), sender);

        await In(sender, ct).Events!.DispatchAsync(new CacheCleared(), ct);
        await hosts.RunToIdleAsync(cancellationToken: ct);

        (await hosts.Transport.DeadLetters.ListAsync("all", 10, ct)).ShouldHaveSingleItem().IsParked.ShouldBeTrue();
    }

    private static Given In(IHost host, CancellationToken ct) => new() { Application = host, Cancellation = ct };

    private static CarillonBuilder Known(CarillonBuilder carillon) => carillon.AddEvent<ReportRequested>().AddEvent<CacheCleared>();

    private static async Task<IHost> SenderAsync(TestHosts hosts, CancellationToken ct)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        await Page.ConfigureSender(new Given { Builder = builder, Cancellation = ct });
        builder.Services.AddCarillon(carillon => Known(carillon).JoinTestHosts(hosts));
        return builder.Build();
    }

    private static async Task<IHost> ReceiverAsync(TestHosts hosts, Builder reports, CancellationToken ct)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IReportBuilder>(reports);
        CarillonBuilder? said = null;
        builder.Services.AddCarillon(carillon => said = carillon.JoinTestHosts(hosts));
        await Page.Subscribe(new Given { Builder = builder, Carillon = said, Cancellation = ct });
        return builder.Build();
    }

    private static IHost Host(TestHosts hosts, Action<CarillonBuilder> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => configure(carillon.JoinTestHosts(hosts)));
        return builder.Build();
    }

    private sealed class Builder : IReportBuilder
    {
        public int Refusals { get; set; }

        public List<string> Built { get; } = [];

        public ValueTask<bool> TryBuildAsync(string foo, string bar, CancellationToken ct)
        {
            if (Refusals-- > 0)
            {
                return new(false);
            }

            Built.Add($"{foo} {bar}");
            return new(true);
        }
    }
}
