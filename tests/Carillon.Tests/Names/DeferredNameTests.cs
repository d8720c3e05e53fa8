using Carillon.Operations;

namespace Carillon.Tests.Names;

public sealed class DeferredNameTests
{
    private readonly List<string> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_emit_by_name_waits_in_a_buffer_and_says_whether_anybody_will_listen()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("user.*", (NamedEvent e) => _calls.Add(e.Name)));

        using (var buffer = app.Events.Defer())
        {
            (await app.Events.EmitAsync("user.created", 5, Token)).ShouldBeTrue();
            (await app.Events.EmitAsync("order.created", 5, Token)).ShouldBeFalse();
            await Should.ThrowAsync<ArgumentException>(async () => await app.Events.EmitAsync("user.*", 5, Token));
            _calls.ShouldBeEmpty();

            await buffer.FlushAsync(Token);
        }

        _calls.ShouldBe(["user.created"]);
    }

    [Fact]
    public async Task A_buffer_of_one_type_keeps_it_as_a_payload_too()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("#", (NamedEvent e) => _calls.Add(e.Name)));

        using var buffer = app.Events.Defer(typeof(string));
        await app.Events.EmitAsync("text.written", "text", Token);
        await app.Events.EmitAsync("number.written", 5, Token);
        _calls.ShouldBe(["number.written"]);

        await buffer.FlushAsync(Token);
        _calls.ShouldBe(["number.written", "text.written"]);
    }

    [Fact]
    public async Task What_comes_before_an_operation_does_not_wait_and_what_comes_after_it_does()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<BeforeOperation>(e => _calls.Add("before"))
            .Listen<AfterOperation>(e => _calls.Add("after"))
            .Listen("text.write.before", (NamedEvent _) => _calls.Add("before by name"))
            .Listen("text.write.refuse.before", (BeforeOperation e) => e.Veto("no")));

        using var buffer = app.Events.Defer();
        await app.Events.RunAsync("a text", (_, _) => Work(), Token);
        await app.Events.RunAsync("text.write", 5, (_, _) => Work(), Token);
        (await app.Events.TryRunAsync("text.write.refuse", 5, (_, _) => ValueTask.FromResult(true), Token)).IsVetoed.ShouldBeTrue();
        _calls.ShouldBe(["before", "work", "before by name", "work"]);

        await buffer.FlushAsync(Token);
        _calls.ShouldBe(["before", "work", "before by name", "work", "after"]);

        ValueTask Work()
        {
            _calls.Add("work");
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task An_event_of_the_host_is_heard_by_those_who_write_its_name_or_type_down()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("#", (NamedEvent _) => _calls.Add("any"))
            .Listen("host.*", (object _) => _calls.Add("object"))
            .Listen("host.yawned", (NamedEvent _) => _calls.Add("name"))
            .Listen("host.*", (HostYawned _) => _calls.Add("type")));

        await app.Events.DispatchAsync(new HostYawned(), Token);

        _calls.ShouldBe(["name", "type"]);
    }

    internal sealed record HostYawned : ILifecycleEvent;
}
