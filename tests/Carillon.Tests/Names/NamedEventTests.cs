using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Names;

public sealed class NamedEventTests
{
    private readonly List<string> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_emitted_by_its_name_with_any_payload_or_none()
    {
        var seen = new List<NamedEvent>();
        await using var app = await Application.StartAsync(carillon => carillon.Listen("user.created", (NamedEvent e) => seen.Add(e)));
        var payload = new Dictionary<string, object> { ["user_id"] = 123 };

        await app.Events.EmitAsync("user.created", payload, Token);
        await app.Events.EmitAsync("user.created", 5, Token);
        await app.Events.EmitAsync("user.created", cancellationToken: Token);

        seen.Select(e => e.Name).ShouldBe(["user.created", "user.created", "user.created"]);
        seen[0].Payload.ShouldBeSameAs(payload);
        seen[1].Payload.ShouldBe(5);
        seen[2].Payload.ShouldBeNull();
    }

    // Conformance 93
    [Fact]
    public async Task The_emitter_learns_whether_anybody_listened()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("user.*", (Form _) => { }));

        (await app.Events.EmitAsync("user.created", new Form(1), Token)).ShouldBeTrue();
        (await app.Events.EmitAsync("user.created", cancellationToken: Token)).ShouldBeFalse("nobody takes one without a form");
        (await app.Events.EmitAsync("order.created", new Form(1), Token)).ShouldBeFalse();
        (await app.Events.EmitAsync("user.created", new Form(1), Token)).ShouldBeTrue();
    }

    // Conformance 84, 85, 96
    [Fact]
    public async Task Names_and_patterns_are_called_by_priority_and_then_as_they_were_registered()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("#", (NamedEvent _) => _calls.Add("any"))
            .Listen("user.*", (NamedEvent _) => _calls.Add("pattern"))
            .Listen("user.created", (NamedEvent _) => _calls.Add("exact"))
            .Listen("user.#", (NamedEvent _) => _calls.Add("first"), options => options.Priority = 1));

        await app.Events.EmitAsync("user.created", cancellationToken: Token);

        _calls.ShouldBe(["first", "any", "pattern", "exact"]);
    }

    [Fact]
    public async Task A_listener_takes_the_payload_itself_if_it_is_of_its_type()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.*", (Form form) => _calls.Add($"form {form.Number}"))
            .Listen("user.*", (IFormattable text) => _calls.Add($"formattable {text}"))
            .Listen("user.*", (object any) => _calls.Add($"object {any.GetType().Name}"))
            .Listen("user.*", (int number) => _calls.Add($"int {number}")));

        await app.Events.EmitAsync("user.created", new Form(7), Token);
        await app.Events.EmitAsync("user.created", 8, Token);
        await app.Events.EmitAsync("user.created", cancellationToken: Token);

        _calls.ShouldBe(["form 7", "object Form", "formattable 8", "object Int32", "int 8"]);
    }

    [Fact]
    public async Task Listeners_with_the_name_and_with_the_payload_alone_are_called_side_by_side()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.*", (Form form) => _calls.Add($"form {form.Number}"))
            .Listen("user.*", (NamedEvent e) => _calls.Add($"{e.Name} {((Form)e.Payload!).Number}")));

        await app.Events.EmitAsync("user.created", new Form(7), Token);

        _calls.ShouldBe(["form 7", "user.created 7"]);
    }

    [Fact]
    public async Task A_listener_of_every_object_receives_named_events_as_they_are()
    {
        object? seen = null;
        await using var app = await Application.StartAsync(carillon => carillon.Listen<object>(e => seen = e));

        await app.Events.EmitAsync("user.created", 5, Token);

        seen.ShouldBeOfType<NamedEvent>().Name.ShouldBe("user.created");
    }

    [Fact]
    public async Task A_named_event_made_ahead_reaches_its_listeners_as_the_same_instance()
    {
        NamedEvent? seen = null;
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.created", (NamedEvent e) => seen = e)
            .Listen("user.created", (Form form) => _calls.Add($"form {form.Number}")));
        var named = new NamedEvent("user.created", new Form(1));

        (await app.Events.DispatchAsync(named, Token)).ShouldBeSameAs(named);
        await app.Events.DispatchObjectAsync(named, Token);

        seen.ShouldBeSameAs(named);
        named.IsHandled.ShouldBeTrue();
        _calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_listener_stops_a_name_through_the_context_or_by_a_payload_that_is_finished()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.created", (NamedEvent _, EventContext context, CancellationToken _) =>
            {
                context.StopPropagation();
                return ValueTask.CompletedTask;
            })
            .Listen("user.#", (NamedEvent e) => _calls.Add(e.Name))
            .Listen("cart.#", (Stoppable stoppable) => stoppable.Stop())
            .Listen("cart.*", (NamedEvent e) => _calls.Add(e.Name)));

        (await app.Events.EmitAsync("user.created", cancellationToken: Token)).ShouldBeTrue();
        await app.Events.EmitAsync("cart.closed", new Stoppable(), Token);

        _calls.ShouldBeEmpty();
    }

    // Conformance 87
    [Fact]
    public async Task An_emit_inside_of_a_listener_leaves_the_name_of_the_outer_one_right()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("outer.*", async (NamedEvent e, EventContext context, CancellationToken token) =>
            {
                await context.Dispatcher.EmitAsync("inner.done", cancellationToken: token);
                _calls.Add($"{e.Name} {context.EventName}");
            })
            .Listen("#", (NamedEvent e) => _calls.Add(e.Name)));

        await app.Events.EmitAsync("outer.done", cancellationToken: Token);

        _calls.ShouldBe(["inner.done", "outer.done outer.done", "outer.done"]);
    }

    // Conformance 98
    [Theory]
    [InlineData("user.*", "it is a pattern")]
    [InlineData("#", "it is a pattern")]
    [InlineData("user.a*", "it is a pattern")]
    [InlineData("", "0 characters")]
    public async Task A_pattern_cannot_be_emitted(string name, string reason)
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("#", (NamedEvent e) => _calls.Add(e.Name)));

        var emitted = await Should.ThrowAsync<ArgumentException>(async () => await app.Events.EmitAsync(name, cancellationToken: Token));
        await Should.ThrowAsync<ArgumentException>(async () => await app.Events.DispatchAsync(new NamedEvent(name), Token));
        await Should.ThrowAsync<ArgumentNullException>(async () => await app.Events.EmitAsync(null!, cancellationToken: Token));

        emitted.Message.ShouldContain($"'{name}' cannot be emitted");
        emitted.Message.ShouldContain(reason);
        _calls.ShouldBeEmpty();
    }

    // Conformance 83
    [Theory]
    [InlineData(".")]
    [InlineData("..a")]
    [InlineData("a.")]
    [InlineData("a")]
    [InlineData("a name with spaces, and ünïcödé")]
    public async Task A_name_with_empty_segments_is_a_name(string name)
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("#", (NamedEvent e) => _calls.Add(e.Name))
            .Listen(name, (NamedEvent e) => _calls.Add("exact")));

        await app.Events.EmitAsync(name, cancellationToken: Token);

        _calls.ShouldBe([name, "exact"]);
    }

    [Fact]
    public async Task What_a_listener_throws_reaches_the_emitter_unchanged_and_stops_the_rest()
    {
        var failure = new InvalidOperationException("no");
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("a", (NamedEvent _) => throw failure)
            .Listen("a", (NamedEvent _) => _calls.Add("late")));

        (await Should.ThrowAsync<InvalidOperationException>(async () => await app.Events.EmitAsync("a", cancellationToken: Token))).ShouldBeSameAs(failure);
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Asynchronous_listeners_are_awaited_in_turn()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("a", async (Form _) =>
            {
                await Task.Yield();
                _calls.Add("one");
            })
            .Listen("a", async (NamedEvent _, CancellationToken _) =>
            {
                await Task.Yield();
                _calls.Add("two");
            }));

        (await app.Events.EmitAsync("a", new Form(1), Token)).ShouldBeTrue();

        _calls.ShouldBe(["one", "two"]);
    }

    // Conformance 90, 91
    [Fact]
    public async Task Listeners_by_name_come_and_go_one_by_one()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("user.created", (NamedEvent _) => _calls.Add("exact")));
        var registry = app.Services.GetRequiredService<IListenerRegistry>();
        var handles = new[] { "user.*", "#", "user.#" }
            .Select(pattern => registry.Listen(pattern, (NamedEvent _) => _calls.Add(pattern)))
            .ToArray();
        await EmitAsync("exact", "user.*", "#", "user.#");

        handles[1].Dispose();
        await EmitAsync("exact", "user.*", "user.#");

        handles[0].Dispose();
        handles[0].Dispose();
        await EmitAsync("exact", "user.#");

        handles[2].Dispose();
        await EmitAsync("exact");

        async Task EmitAsync(params string[] expected)
        {
            _calls.Clear();
            await app.Events.EmitAsync("user.created", cancellationToken: Token);
            _calls.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_listener_by_name_that_runs_once_is_gone_when_it_has_taken_a_payload()
    {
        await using var app = await Application.StartAsync(_ => { });
        app.Services.GetRequiredService<IListenerRegistry>().Listen("user.*", (Form form) => _calls.Add($"form {form.Number}"), times: 1);

        (await app.Events.EmitAsync("user.created", 5, Token)).ShouldBeFalse();
        (await app.Events.EmitAsync("user.created", new Form(1), Token)).ShouldBeTrue();
        (await app.Events.EmitAsync("user.created", new Form(2), Token)).ShouldBeFalse();

        _calls.ShouldBe(["form 1"]);
    }

    [Fact]
    public async Task A_subscriber_and_a_map_listen_by_name_as_well()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Map(map => map.On<Form>().Call<List<string>>((calls, form) => calls.Add($"form {form.Number}"), options => options.Pattern = "user.#")),
            services => services.AddSingleton(_calls));

        (await app.Events.EmitAsync("user.created", new Form(1), Token)).ShouldBeTrue();

        _calls.ShouldBe(["form 1"]);
    }

    [Fact]
    public async Task What_is_muted_is_not_heard_by_name_either()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.*", (NamedEvent _) => _calls.Add("muted"), options => options.Id = "muted")
            .Listen("user.*", (Form _) => _calls.Add("heard")));

        using (app.Services.GetRequiredService<IListenerRegistry>().Mute("muted"))
        {
            await app.Events.EmitAsync("user.created", new Form(1), Token);
        }

        await app.Events.EmitAsync("user.created", new Form(1), Token);

        _calls.ShouldBe(["heard", "muted", "heard"]);
    }

    [Fact]
    public async Task Results_of_a_name_are_collected()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<NamedEvent, int>(e => e.Name.Length)
            .AddListener(new Listener("name", typeof(Form), (object form, in ListenerCall call) =>
            {
                call.SetResult(((Form)form).Number);
                return ValueTask.CompletedTask;
            }) { Pattern = "a.*" }));

        (await app.Events.CollectAsync<int>(new NamedEvent("a.b", new Form(7)), Token)).ShouldBe([3, 7]);
        (await app.Events.FirstResultAsync<int?>(new NamedEvent("a.b", 5), Token)).ShouldBe(3);
    }

    [Fact]
    public async Task A_dispatcher_that_is_not_Carillons_own_gets_the_named_event()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("a", (NamedEvent e) => _calls.Add(e.Name)));
        IEventBus decorated = new Decorated(app.Events);

        (await decorated.EmitAsync("a", cancellationToken: Token)).ShouldBeTrue();
        (await decorated.EmitAsync("b", cancellationToken: Token)).ShouldBeFalse();

        _calls.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_pattern_that_is_none_stops_the_start_and_is_refused_at_run_time()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(
            () => Application.StartAsync(carillon => carillon.Listen("user.a*", (NamedEvent _) => { }, options => options.Id = "audit")));
        refused.Message.ShouldContain("'audit'");
        refused.Message.ShouldContain("'user.a*'");

        await using var app = await Application.StartAsync(_ => { });
        var registry = app.Services.GetRequiredService<IListenerRegistry>();
        Should.Throw<CarillonException>(() => registry.Listen("", (NamedEvent _) => { })).Message.ShouldContain("1 to 200");
    }

    [Fact]
    public async Task A_name_that_is_known_and_a_payload_that_its_listeners_take_allocate_nothing()
    {
        var count = 0;
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.created", (Form _) => { count++; })
            .Listen("user.*", (Form _) => { count++; }));
        var form = new Form(1);
        var named = new NamedEvent("user.created", form);
        for (var time = 0; time < 100; time++)
        {
            await app.Events.EmitAsync("user.created", form, Token);
            await app.Events.DispatchAsync(named, Token);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        await app.Events.EmitAsync("user.created", form, Token);
        await app.Events.DispatchAsync(named, Token);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        count.ShouldBe(404);
        allocated.ShouldBe(0);
    }

    private sealed record Form(int Number);

    private sealed class Stoppable : IStoppableEvent
    {
        public bool IsPropagationStopped { get; private set; }

        internal void Stop() => IsPropagationStopped = true;
    }

    private sealed class Decorated(IEventBus inner) : IEventBus
    {
        public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default) => inner.DispatchObjectAsync(@event, cancellationToken);
    }
}
