using Carillon;
using Carillon.Deliveries;
using Carillon.Operations;
using Carillon.Testing;
using Shouldly;

public sealed class Journal
{
    public List<string> Lines { get; } = [];

    public async Task WriteAsync(string line, CancellationToken ct)
    {
        await Task.Yield();
        Lines.Add(line);
    }
}

public interface IMailer
{
    Task SendAsync(string address, CancellationToken ct);
}

public static class Tests
{
    public static async Task A_listener_by_name_hears_what_is_emitted_with_a_dictionary(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.EmitDictionary(given);

        Lines(given).ShouldBe(["User created: 123"]);
    }

    public static async Task A_record_is_a_payload_too(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.EmitRecord(given);

        Lines(given).ShouldBe(["Order 456 is placed"]);
    }

    public static async Task A_handler_can_be_registered_at_start(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var before = Payments.Total;

        (await given.Events!.EmitAsync("payment.completed", new CompletedPayment(1, 9.5m), ct)).ShouldBeTrue();

        (Payments.Total - before).ShouldBe(9.5m);
    }

    public static async Task A_handler_can_come_and_go_while_the_application_runs(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.RegisterWhileRunning(given);

        Lines(given).ShouldBe(["seen user.updated"]);
    }

    public static async Task What_has_a_high_priority_leaves_the_queue_first(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.EmitWithPriority(given);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        Lines(given).ShouldBe(["invoice for 456", "invoice for 455"]);
    }

    public static async Task Who_comes_before_may_change_or_refuse_and_who_comes_after_learns_what_came_out(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        (await new Users(given.Events!).CreateAsync(new UserForm(" a@b.c "), ct)).ShouldBe(5);
        var veto = await Should.ThrowAsync<OperationVetoedException>(async () => await new Users(given.Events!).CreateAsync(new UserForm("nobody"), ct));

        veto.Message.ShouldContain("The address has no @.");
        given.Get<Mailer>().Sent.ShouldBe(["a@b.c"]);
    }

    public static async Task A_listener_emits_the_next_event_of_a_chain(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.EmitChain(given);

        Lines(given).ShouldBe(["789 is processed"]);
    }

    public static async Task Errors_that_are_handled_or_logged_do_not_reach_the_emitter(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        given.Get<Mailer>().IsDown = true;

        await Page.EmitWithErrors(given);

        given.Get<EventRecorder>().Calls.Select(call => (call.ListenerId, call.Exception is null))
            .ShouldBe([("Newsletter.Subscribe", true), ("Greetings.Greet", false)], ignoreOrder: true);
    }

    public static async Task Any_other_error_does_and_a_name_that_is_none_is_refused(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Should.ThrowAsync<KeyNotFoundException>(async () => await given.Events!.EmitAsync("user.created", new Dictionary<string, object>(), ct));
        await Should.ThrowAsync<ArgumentException>(async () => await given.Events!.EmitAsync("user.*", cancellationToken: ct));
    }

    private static List<string> Lines(Given given) => given.Get<Journal>().Lines;

    private static Task<Given> StartAsync(CancellationToken ct) => Given.StartAsync(
        ct,
        Page.RegisterAtStart,
        services => services
            .AddSingleton<Journal>()
            .AddSingleton<Mailer>()
            .AddSingleton<IMailer>(provider => provider.GetRequiredService<Mailer>())
            .AddCarillon(carillon => carillon.AddListeners().UseInMemory()),
        carillon => carillon.RecordEvents().RunDeliveriesByHand());

    private sealed class Mailer : IMailer
    {
        public bool IsDown { get; set; }

        public List<string> Sent { get; } = [];

        public Task SendAsync(string address, CancellationToken ct)
        {
            if (IsDown)
            {
                throw new TimeoutException("The mail server does not answer.");
            }

            Sent.Add(address);
            return Task.CompletedTask;
        }
    }
}
