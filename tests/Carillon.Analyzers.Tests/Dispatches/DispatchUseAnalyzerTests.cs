using Carillon.CodeFixes;

namespace Carillon.Analyzers.Tests.Dispatches;

public sealed class DispatchUseAnalyzerTests
{
    private const string Message = "The task of 'DispatchAsync' is thrown away: listeners may still run when the scope ends, and nobody hears of what they throw. Await or return it.";

    [Theory]
    [InlineData("internal void Do() { events.DispatchAsync(new OrderPlaced()); }")]
    [InlineData("internal void Do() => events.DispatchAsync(new OrderPlaced());")]
    [InlineData("internal void Do() => _ = events.DispatchAsync(new OrderPlaced());")]
    [InlineData("internal void Do() { events.DispatchAsync(new OrderPlaced()).ConfigureAwait(false); }")]
    [InlineData("internal void Do() { _ = events.DispatchAsync(new OrderPlaced()).AsTask(); }")]
    [InlineData("internal void Do(List<int> all) => all.ForEach(_ => events.DispatchAsync(new OrderPlaced()));")]
    public async Task CARILLON017_a_task_that_is_thrown_away(string member) => (await FindAsync(member)).ShouldBe([$"CARILLON017 at DispatchAsync: {Message}"]);

    [Theory]
    [InlineData("internal void Do(IEventBus bus) { bus.PublishAsync(new OrderPlaced()); }", "PublishAsync")]
    [InlineData("internal void Do(IEventBus bus) { bus.DispatchObjectAsync(new OrderPlaced()); }", "DispatchObjectAsync")]
    [InlineData("internal void Do(IEventDispatcherFactory factory) { factory.DispatchInNewScopeAsync(new OrderPlaced()); }", "DispatchInNewScopeAsync")]
    public async Task CARILLON017_every_call_that_dispatches(string member, string name) => (await FindAsync(member)).ShouldHaveSingleItem().ShouldStartWith($"CARILLON017 at {name}: The task of '{name}'");

    [Theory]
    [InlineData("internal void Do(IEventBus? bus) { bus?.PublishAsync(new OrderPlaced()); }")]
    [InlineData("internal void Do(IEventBus? bus) => _ = bus?.PublishAsync(new OrderPlaced());")]
    [InlineData("internal void Do(IEventBus? bus) { bus?.PublishAsync(new OrderPlaced()).AsTask(); }")]
    [InlineData("internal void Do(Lazy<IEventBus>? bus) { bus?.Value.PublishAsync(new OrderPlaced()).ConfigureAwait(false); }")]
    [InlineData("internal void Do(Lazy<IEventBus?>? bus) { bus?.Value?.PublishAsync(new OrderPlaced()); }")]
    [InlineData("internal void Do(IEventBus? bus) => _ = bus?.PublishAsync(new OrderPlaced()) ?? default;")]
    [InlineData("internal void Do(IEventBus bus, bool may) => _ = may ? bus.PublishAsync(new OrderPlaced()) : default;")]
    public async Task CARILLON017_a_task_that_is_thrown_away_if_there_is_one(string member) =>
        (await FindAsync(member)).ShouldHaveSingleItem().ShouldStartWith("CARILLON017 at PublishAsync: The task of 'PublishAsync'");

    [Fact]
    public async Task CARILLON017_an_event_that_is_emitted_by_its_name() =>
        (await Stand.FindAsync("using Carillon; internal static class Service { internal static void Do(IEventBus bus) { bus.EmitAsync(\"user.added\"); } }"))
            .ShouldHaveSingleItem().ShouldStartWith("CARILLON017 at EmitAsync: The task of 'EmitAsync'");

    [Theory]
    [InlineData("internal async Task Do() { await events.DispatchAsync(new OrderPlaced()); }")]
    [InlineData("internal async Task Do() { await events.DispatchAsync(new OrderPlaced()).ConfigureAwait(false); }")]
    [InlineData("internal async Task Do() { _ = await events.DispatchAsync(new OrderPlaced()); }")]
    [InlineData("internal ValueTask<OrderPlaced> Do() => events.DispatchAsync(new OrderPlaced());")]
    [InlineData("internal Func<Task> Do() => () => events.DispatchAsync(new OrderPlaced()).AsTask();")]
    [InlineData("internal async Task Do() { var task = events.DispatchAsync(new OrderPlaced()); await task; }")]
    [InlineData("internal Task Do() => Task.WhenAll(events.DispatchAsync(new OrderPlaced()).AsTask());")]
    [InlineData("internal void Do() => events.DispatchAsync(new OrderPlaced()).AsTask().GetAwaiter().GetResult();")]
    [InlineData("internal System.Linq.Expressions.Expression<Action<IEventBus>> Do() => bus => bus.PublishAsync(new OrderPlaced(), default);")]
    [InlineData("internal async Task Do(IEventBus? bus) => await (bus?.PublishAsync(new OrderPlaced()) ?? default);")]
    [InlineData("internal Task? Do(IEventBus? bus) => bus?.PublishAsync(new OrderPlaced()).AsTask();")]
    [InlineData("internal async Task Do(IEventBus bus, bool may) { if (may) { await bus.PublishAsync(new OrderPlaced()); } }")]
    public async Task CARILLON017_not_a_task_that_is_awaited_returned_or_kept(string member) => (await FindAsync(member)).ShouldBeEmpty();

    [Theory]
    [InlineData("await bus.CollectAsync<int>(new OrderPlaced());", "CollectAsync<int>")]
    [InlineData("await bus.FirstResultAsync<string>(new OrderPlaced()).ConfigureAwait(false);", "FirstResultAsync<string>")]
    public async Task CARILLON018_results_that_nobody_looks_at(string statement, string name) =>
        (await InStandAsync(statement)).ShouldBe([$"CARILLON018 at {name}: '{name.Split('<')[0]}' gathers what listeners return, and nothing is done with it. Use the result, or call DispatchAsync."]);

    [Theory]
    [InlineData("var all = await bus.CollectAsync<int>(new OrderPlaced()); Console.WriteLine(all.Count);")]
    [InlineData("if (await bus.FirstResultAsync<string>(new OrderPlaced()) is null) { return; }")]
    [InlineData("_ = await bus.CollectAsync<int>(new OrderPlaced());")]
    [InlineData("Func<Task> ask = async () => await bus.CollectAsync<int>(new OrderPlaced()); await ask();")]
    public async Task CARILLON018_not_results_that_are_used_or_dropped_on_purpose(string statement) => (await InStandAsync(statement)).ShouldBeEmpty();

    [Theory]
    [InlineData("internal async Task Do() => await events.DispatchAsync(\"user.created\");", "DispatchAsync", "\"user.created\"")]
    [InlineData("internal async Task Do(string name) => await events.DispatchAsync<object>(name);", "DispatchAsync<object>", "name")]
    [InlineData("internal async Task Do(IEventBus bus, string name) => await bus.PublishAsync($\"{name}.created\");", "PublishAsync", "$\"{name}.created\"")]
    [InlineData("internal async Task Do(IEventDispatcherFactory factory) => await factory.DispatchInNewScopeAsync(\"user.created\");", "DispatchInNewScopeAsync", "\"user.created\"")]
    public async Task CARILLON028_a_string_that_is_dispatched(string member, string code, string name) =>
        (await FindAsync(member)).ShouldBe(
            [$"CARILLON028 at {code}: '{code.Split('<')[0]}' dispatches the string itself as the event: no listener of an event with this name hears it. Emit the name, EmitAsync({name}), or dispatch an object."]);

    [Theory]
    [InlineData("internal async Task Do() => await events.EmitAsync(\"user.created\");")]
    [InlineData("internal async Task Do() => await events.EmitAsync(\"user.created\", \"anna\");")]
    [InlineData("internal async Task Do() => await events.DispatchAsync(new NamedEvent(\"user.created\"));")]
    [InlineData("internal async Task Do(object given) => await events.DispatchAsync(given);")]
    public async Task CARILLON028_not_a_name_that_is_emitted_or_an_object(string member) => (await FindAsync(member)).ShouldBeEmpty();

    [Theory]
    [InlineData("internal async Task Do() { _ = events.DispatchAsync(new OrderPlaced()); await Task.Yield(); }", "{ await events.DispatchAsync(new OrderPlaced()); await")]
    [InlineData("internal async Task Do() { _ = events.DispatchAsync(new OrderPlaced()).AsTask(); await Task.Yield(); }", "{ await events.DispatchAsync(new OrderPlaced()).AsTask(); await")]
    [InlineData("internal Func<Task> Do() => async () => { await Task.Yield(); _ = events.DispatchAsync(new OrderPlaced()); };", "await Task.Yield(); await events.DispatchAsync(new OrderPlaced()); }")]
    [InlineData("internal void Do(List<Func<Task>> all) { lock (all) { all.Add(async () => { await Task.Yield(); _ = events.DispatchAsync(new OrderPlaced()); }); } }", "await Task.Yield(); await events.DispatchAsync(new OrderPlaced()); }")]
    public async Task The_fix_awaits_where_the_function_is_asynchronous(string member, string mended) => (await FixTest.ApplyAsync<AwaitFix>(Source(member))).ShouldContain(mended);

    // Of a bare statement in an asynchronous method the compiler speaks as well.
    [Fact]
    public async Task The_fix_awaits_a_statement() =>
        (await FixTest.ApplyAsync<AwaitFix>(Source("internal async Task Do() { events.DispatchAsync(new OrderPlaced()); await Task.Yield(); }"), "CS4014"))
            .ShouldContain("{ await events.DispatchAsync(new OrderPlaced()); await");

    [Theory]
    [InlineData("internal void Do() { events.DispatchAsync(new OrderPlaced()); }")]
    [InlineData("internal async Task Do(List<int> all) { await Task.Yield(); all.ForEach(_ => events.DispatchAsync(new OrderPlaced())); }")]
    [InlineData("internal async Task Do(IEventBus? bus) { await Task.Yield(); bus?.PublishAsync(new OrderPlaced()); }")]
    [InlineData("internal async Task Do(IEventBus? bus) { await Task.Yield(); _ = bus?.PublishAsync(new OrderPlaced()) ?? default; }")]
    [InlineData("internal async Task Do(IEventBus bus, bool may) { await Task.Yield(); _ = may ? bus.PublishAsync(new OrderPlaced()) : default; }")]
    [InlineData("internal async Task Do() { await Task.Yield(); lock (this) { _ = events.DispatchAsync(new OrderPlaced()); } }")]
    [InlineData("internal async Task Do(List<Func<ValueTask>> all) { await Task.Yield(); lock (this) { if (all.Count == 0) { _ = events.DispatchAsync(new OrderPlaced()).AsTask(); } } }")]
    public async Task No_fix_where_nothing_can_be_awaited(string member) => (await FixTest.OffersAsync<AwaitFix>(Source(member))).ShouldBe(0);

    private static Task<string[]> FindAsync(string member) => AnalyzerTest.FindAsync(Source(member));

    private static Task<string[]> InStandAsync(string statement) =>
        Stand.FindAsync($"using Carillon; internal sealed record OrderPlaced; internal static class Service {{ internal static async Task Do(IEventBus bus) {{ {statement} }} }}");

    private static string Source(string member) => $$"""
        using Carillon;

        internal sealed record OrderPlaced;

        internal sealed class Service(IEventDispatcher events)
        {
            internal IEventDispatcher Events => events;

            {{member}}
        }
        """;
}
