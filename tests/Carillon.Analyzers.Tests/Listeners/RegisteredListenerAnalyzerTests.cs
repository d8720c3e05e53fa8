using Carillon.CodeFixes;

namespace Carillon.Analyzers.Tests.Listeners;

public sealed class RegisteredListenerAnalyzerTests
{
    [Theory]
    [InlineData("carillon.Listen<OrderPlaced>(Later);", "Later", "Setup.Later")]
    [InlineData("carillon.Listen((Action<OrderPlaced>)(async e => await Task.Yield()));", "(Action<OrderPlaced>)(async e => await Task.Yield())", "The lambda")]
    public async Task CARILLON004_a_handler_that_is_async_void(string statement, string code, string name) =>
        (await FindAsync(statement)).ShouldHaveSingleItem()
            .ShouldBe($"CARILLON004 at {code}: '{name}' is async void: nobody can wait for it, and its exceptions end the process. Return Task or ValueTask.");

    [Theory]
    [InlineData("carillon.Listen<OrderPlaced>(async e => await Task.Yield());")]
    [InlineData("carillon.Listen<OrderPlaced>(Now);")]
    public async Task CARILLON004_not_a_handler_that_is_awaited_or_done_at_once(string statement) => (await FindAsync(statement)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON008_two_registrations_with_one_id() =>
        (await FindAsync("carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\")\n.AddListener<Mail, OrderPlaced>(o => { o.Priority = 1; o.Id = \"mail\"; });")).ShouldBe(
        [
            "CARILLON008 at Listen<OrderPlaced>: 'the lambda for OrderPlaced' has the id 'mail', which 'Mail' in line 9 has too. Give one of them another: options => options.Id = \"...\".",
            "CARILLON008 at AddListener<Mail, OrderPlaced>: 'Mail' has the id 'mail', which 'the lambda for OrderPlaced' in line 8 has too. Give one of them another: options => options.Id = \"...\".",
        ]);

    [Theory]
    [InlineData("carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\").Listen<OrderPlaced>(Now, o => o.Id = \"log\");")]
    [InlineData("if (carillon.Services.Count > 0) { carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\"); } else { carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\"); }")]
    [InlineData("carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\"); other.Listen<OrderPlaced>(Now, o => o.Id = \"mail\");")]
    public async Task CARILLON008_not_other_ids_other_branches_or_other_hosts(string statement) => (await FindAsync(statement)).ShouldBeEmpty();

    [Theory]
    [InlineData("switch (carillon.Services.Count) { case 1: ONE; break; default: ONE; break; }")]
    [InlineData("if (carillon.Services.Count > 0) ONE; else ONE;")]
    [InlineData("if (carillon.Services.Count > 0) ONE; else if (carillon.Services.Count > 1) ONE; else ONE;")]
    [InlineData("_ = carillon.Services.Count > 0 ? ONE : ONE;")]
    [InlineData("_ = carillon.Services.Count switch { 1 => ONE, _ => ONE };")]
    [InlineData("foreach (var service in carillon.Services) ONE; ONE;")]
    [InlineData("Action one = () => ONE, two = () => ONE; one(); two();")]
    [InlineData("CarillonBuilder One() => ONE; CarillonBuilder Two() => ONE; One(); Two();")]
    [InlineData("ONE; carillon = other; ONE;")]
    public async Task CARILLON008_not_two_of_which_one_may_be_left_out(string statement) =>
        (await FindAsync(statement.Replace("ONE", "carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\")", StringComparison.Ordinal))).ShouldBeEmpty();

    [Theory]
    [InlineData("switch (carillon.Services.Count) { case 1: ONE; ONE; break; }")]
    [InlineData("if (carillon.Services.Count > 0) _ = (ONE, ONE);")]
    [InlineData("ONE; if (carillon.Services.Count > 0) return; ONE;")]
    public async Task CARILLON008_two_in_one_branch(string statement) =>
        (await FindAsync(statement.Replace("ONE", "carillon.Listen<OrderPlaced>(Now, o => o.Id = \"mail\")", StringComparison.Ordinal)))
            .Count(finding => finding.StartsWith("CARILLON008", StringComparison.Ordinal)).ShouldBe(2);

    [Theory]
    [InlineData("using (registry.Listen<OrderPlaced>(Now, o => o.Id = \"mail\")) { } using (registry.Listen<OrderPlaced>(Now, o => o.Id = \"mail\")) { }")]
    [InlineData("var one = registry.Listen<OrderPlaced>(Now, o => o.Id = \"mail\"); one.Dispose(); registry.Listen<OrderPlaced>(Now, o => o.Id = \"mail\").Dispose();")]
    public async Task CARILLON008_not_listeners_that_come_and_go(string statement) => (await FindAsync(statement)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON008_not_a_class_that_is_added_twice_which_is_once() =>
        (await FindAsync("carillon.AddListener<Mail, OrderPlaced>(o => o.Id = \"mail\").AddListener<Mail, OrderPlaced>(o => o.Id = \"mail\");")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON008_not_the_expressions_of_two_methods() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal sealed record OrderPlaced;
            internal sealed class Setup(CarillonBuilder carillon)
            {
                internal CarillonBuilder Full => carillon.Listen<OrderPlaced>(e => { }, o => o.Id = "mail");
                internal CarillonBuilder Half() => carillon.Listen<OrderPlaced>(e => { }, o => o.Id = "mail");
            }
            """)).ShouldBeEmpty();

    [Fact]
    public async Task The_fix_of_async_void_returns_a_task() =>
        (await FixTest.ApplyAsync<AsyncTaskFix>("""
            using Carillon;
            internal sealed record OrderPlaced;
            internal sealed class Listeners
            {
                [OnEvent]
                internal async void On(OrderPlaced e) => await Task.Yield();
            }
            """)).ShouldContain("internal async Task On(OrderPlaced e) => await Task.Yield();");

    [Fact]
    public async Task No_fix_of_async_void_where_an_interface_asks_for_it() =>
        (await FixTest.OffersAsync<AsyncTaskFix>("""
            using Carillon;
            internal sealed record OrderPlaced;
            internal interface IListen { void On(OrderPlaced e); }
            internal sealed class Listeners : IListen { [OnEvent] public async void On(OrderPlaced e) => await Task.Yield(); }
            """)).ShouldBe(0);

    [Theory]
    [InlineData("private void On(OrderPlaced e) { }")]
    [InlineData("void On(OrderPlaced e) { }")]
    [InlineData("protected void On(OrderPlaced e) { }")]
    [InlineData("private protected void On(OrderPlaced e) { }")]
    public async Task The_fix_of_a_hidden_listener_makes_it_internal(string method) =>
        (await FixTest.ApplyAsync<InternalFix>($"using Carillon; internal sealed record OrderPlaced; internal class Listeners {{ [OnEvent] {method} }}"))
            .ShouldContain("[OnEvent] internal void On(OrderPlaced e) { }");

    [Theory]
    [InlineData("internal class Listeners { private class Hidden { [OnEvent] public void On(OrderPlaced e) { } } }")]
    [InlineData("file class Listeners { [OnEvent] public void On(OrderPlaced e) { } }")]
    [InlineData("internal class Listeners { [OnEvent] protected virtual void On(OrderPlaced e) { } }")]
    [InlineData("internal class Listeners { private sealed record Hidden; [OnEvent] private void On(Hidden e) { } }")]
    [InlineData("internal class Listeners { private sealed record Hidden; [OnEvent] private List<Hidden> On(OrderPlaced e) => []; }")]
    [InlineData("internal class Listeners { private sealed class Hidden; [OnEvent] public void On(OrderPlaced e, [Microsoft.Extensions.DependencyInjection.FromKeyedServices(typeof(Hidden))] IDisposable keyed) { } }")]
    [InlineData("internal class Listeners { private sealed class Hidden; [OnEvent] private void On(OrderPlaced e, [Microsoft.Extensions.DependencyInjection.FromKeyedServices(typeof(Hidden))] IDisposable keyed) { } }")]
    public async Task No_fix_of_a_hidden_listener_where_that_is_not_enough(string source) =>
        (await FixTest.OffersAsync<InternalFix>($"using Carillon; internal sealed record OrderPlaced; {source}")).ShouldBe(0);

    private static Task<string[]> FindAsync(string statement) => AnalyzerTest.FindAsync($$"""
        using Carillon;
        using Carillon.Listeners;
        internal sealed record OrderPlaced;
        internal static class Setup
        {
            internal static void Add(CarillonBuilder carillon, CarillonBuilder other, IListenerRegistry registry)
            {
                {{statement}}
                Now(new OrderPlaced());
                Later(new OrderPlaced());
                Console.WriteLine((other, registry));
            }

            private static void Now(OrderPlaced e) { }

            private static async void Later(OrderPlaced e) => await Task.Yield();
        }

        internal sealed class Mail : IListener<OrderPlaced> { public ValueTask HandleAsync(OrderPlaced e, CancellationToken token) => default; }
        """);
}
