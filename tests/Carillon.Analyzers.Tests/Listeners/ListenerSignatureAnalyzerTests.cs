using System.Text.RegularExpressions;
using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Analyzers.Tests.Listeners;

public sealed class ListenerSignatureAnalyzerTests
{
    private const string Types = """
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);
        internal ref struct OnTheStack;


        """;

    [Theory]
    [InlineData("[OnEvent] private void On(OrderPlaced e) { }")]
    [InlineData("[OnEvent] protected void On(OrderPlaced e) { }")]
    [InlineData("[OnEvent] private protected void On(OrderPlaced e) { }")]
    [InlineData("[OnEvent] void On(OrderPlaced e) { }")]
    [InlineData("private sealed class Nested { [OnEvent] public void On(OrderPlaced e) { } }")]
    [InlineData("public void Around() { [OnEvent] void On(OrderPlaced e) { } On(new OrderPlaced(1)); }")]
    [InlineData("public int Number { [OnEvent] get; set; }")]
    public async Task CARILLON001_a_listener_that_generated_code_cannot_reach(string member) =>
        (await InClassAsync(member)).ShouldHaveSingleItem().ShouldStartWith("CARILLON001");

    [Theory]
    [InlineData("typeof(Slow)", "Slow")]
    [InlineData("typeof(Slow[])", "Slow[]")]
    [InlineData("Speed.Slow", "Speed")]
    public async Task CARILLON001_a_key_that_generated_code_cannot_name(string key, string type)
    {
        var found = await InClassAsync(
            $"[OnEvent] public void On(OrderPlaced e, [Microsoft.Extensions.DependencyInjection.FromKeyedServices({key})] IDisposable keyed) {{ }} "
            + "private sealed class Slow; private enum Speed { Slow }");

        found.ShouldHaveSingleItem().ShouldStartWith(
            $"CARILLON001 at On: 'Listeners.On' can never be called: the key of 'keyed' names 'Listeners.{type}', which is private, protected or local to its file. ");
    }

    [Fact]
    public async Task CARILLON005_a_key_that_is_equal_to_no_other() =>
        (await InClassAsync("[OnEvent] public void On(OrderPlaced e, [Microsoft.Extensions.DependencyInjection.FromKeyedServices(new[] { 1 })] IDisposable keyed) { }"))
            .ShouldHaveSingleItem().ShouldStartWith("CARILLON005 at On: 'Listeners.On' can never be called: the key of 'keyed' is an array, which is equal to no other one. ");

    [Theory]
    [InlineData("CARILLON005", "[OnEvent] public void On(OrderPlaced e, int*[] all) { }")]
    [InlineData("CARILLON005", "[OnEvent] public void On(OrderPlaced e, List<delegate*<void>[]> all) { }")]
    [InlineData("CARILLON005", "[OnEvent] public int*[] On(OrderPlaced e) => [];")]
    [InlineData("CARILLON007", "[OnEvent] public void On(int*[] e) { }")]
    public async Task What_has_pointers_in_it_cannot_be_written_outside_of_unsafe_code(string id, string member)
    {
        var compilation = TestAssembly.Program(new SourceFile("/Source.cs", $"{Types} internal unsafe class Listeners {{ {member} }}"));
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));

        (await AnalyzerTest.FindAsync(compilation)).ShouldHaveSingleItem().ShouldStartWith(id);
    }

    [Fact]
    public async Task CARILLON001_a_lambda() =>
        (await InClassAsync("public Action<OrderPlaced> Lambda = [OnEvent] (OrderPlaced e) => { };")).ShouldHaveSingleItem()
            .ShouldEndWith("The lambda' can never be called: it is a lambda. Make it an internal or public method of an internal or public class.");

    [Fact]
    public async Task CARILLON001_a_class_of_one_file() =>
        (await FindAsync("file sealed class Listeners { [OnEvent] public void On(OrderPlaced e) { } }")).ShouldHaveSingleItem().ShouldBe(
            "CARILLON001 at On: 'Listeners.On' can never be called: it, or a type around it, is private, protected or local to its file. "
            + "Make it an internal or public method of an internal or public class.");

    [Fact]
    public async Task CARILLON001_a_member_of_an_extension_block()
    {
        var program = TestAssembly.Program(new SourceFile("/Source.cs", Types + """
            internal static class Listeners { extension(OrderSent sent) { [OnEvent] public static void On(OrderPlaced e) { } } }
            """));
        var latest = TestAssembly.ParseOptions.WithLanguageVersion(LanguageVersion.Preview);
        var compilation = program.RemoveAllSyntaxTrees().AddSyntaxTrees(program.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.ToString(), latest, tree.FilePath)));

        (await AnalyzerTest.FindAsync(compilation)).ShouldHaveSingleItem().ShouldContain("it is a member of an extension block");
    }

    [Fact]
    public async Task CARILLON001_an_explicit_implementation() =>
        (await FindAsync("""
            internal interface IListen { void On(OrderPlaced e); }
            internal sealed class Listeners : IListen { [OnEvent] void IListen.On(OrderPlaced e) { } }
            """)).ShouldHaveSingleItem().ShouldContain("it is an explicit implementation of an interface");

    [Theory]
    [InlineData("internal")]
    [InlineData("public")]
    [InlineData("protected internal")]
    public async Task CARILLON001_not_a_listener_that_generated_code_reaches(string accessibility) =>
        (await InClassAsync($"{accessibility} sealed class Nested {{ [OnEvent] {accessibility.Replace("protected ", "")} void On(OrderPlaced e) {{ }} }}")).ShouldBeEmpty();

    [Theory]
    [InlineData("[OnEvent] public void On() { }", "it has no parameters")]
    [InlineData("[OnEvent] public void On(CancellationToken token, OrderPlaced e) { }", "its first parameter is the CancellationToken 'token'")]
    [InlineData("[OnEvent] public void On(EventContext context) { }", "its first parameter is the EventContext 'context'")]
    [InlineData("[OnEvent] public void On(IEventDispatcher events, OrderPlaced e) { }", "its first parameter is the IEventDispatcher 'events'")]
    [InlineData("[OnEvent] public void On(IServiceProvider services) { }", "its first parameter is the IServiceProvider 'services'")]
    public async Task CARILLON002_a_listener_without_an_event(string member, string reason) =>
        (await InClassAsync(member)).ShouldHaveSingleItem().ShouldStartWith($"CARILLON002 at On: 'Listeners.On' can never be called: {reason}.");

    [Fact]
    public async Task CARILLON002_not_a_listener_with_its_event_first() =>
        (await InClassAsync("[OnEvent] public void On(OrderPlaced e, EventContext context, CancellationToken token) { }")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON003_a_generic_method() =>
        (await InClassAsync("[OnEvent] public void On<T>(T e) where T : notnull { }")).ShouldHaveSingleItem()
            .ShouldStartWith("CARILLON003 at On: 'Listeners.On' can never be called: it has type parameters,");

    [Fact]
    public async Task CARILLON003_a_method_of_a_generic_type() =>
        (await FindAsync("internal static class Outer<T> { internal sealed class Listeners { [OnEvent] public void On(OrderPlaced e) { } } }"))
            .ShouldHaveSingleItem().ShouldStartWith("CARILLON003 at On: 'Listeners.On' can never be called: 'Listeners' or a type around it has type parameters,");

    [Fact]
    public async Task CARILLON003_not_a_listener_of_a_closed_generic_event() =>
        (await InClassAsync("[OnEvent] public void On(List<OrderPlaced> e) { }")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON004_async_void() =>
        (await InClassAsync("[OnEvent] public async void On(OrderPlaced e) => await Task.Yield();")).ShouldHaveSingleItem()
            .ShouldBe("CARILLON004 at On: 'Listeners.On' is async void: nobody can wait for it, and its exceptions end the process. Return Task or ValueTask.");

    [Fact]
    public async Task CARILLON004_not_an_async_task() =>
        (await InClassAsync("[OnEvent] public async ValueTask On(OrderPlaced e) => await Task.Yield();")).ShouldBeEmpty();

    [Theory]
    [InlineData("[OnEvent] public void On(ref OrderPlaced e) { }", "'e' is passed by reference")]
    [InlineData("[OnEvent] public void On(OrderPlaced e, out int number) => number = 1;", "'number' is passed by reference")]
    [InlineData("[OnEvent] public void On(ref readonly OrderPlaced e) { }", "'e' is passed by reference")]
    [InlineData("[OnEvent] public void On(OrderPlaced e, ReadOnlySpan<char> text) { }", "'text' is a ref struct, which no container can hold")]
    public async Task CARILLON005_a_parameter_that_cannot_be_supplied(string member, string reason) =>
        (await InClassAsync(member)).ShouldHaveSingleItem().ShouldStartWith($"CARILLON005 at On: 'Listeners.On' can never be called: {reason}.");

    [Fact]
    public async Task CARILLON005_not_an_in_parameter() =>
        (await InClassAsync("[OnEvent] public void On(in OrderPlaced e, in CancellationToken token) { }")).ShouldBeEmpty();

    [Theory]
    [InlineData("internal abstract class Listeners { [OnEvent] public void On(OrderPlaced e) { } }", "'Listeners' is abstract")]
    [InlineData("internal abstract class Listeners { [OnEvent] public abstract void On(OrderPlaced e); }", "'Listeners' is abstract")]
    [InlineData("internal interface IListeners { [OnEvent] void On(OrderPlaced e); }", "'IListeners' is an interface")]
    [InlineData("internal interface IListeners { [OnEvent] static void On(OrderPlaced e) { } }", "'IListeners' is an interface")]
    [InlineData("internal struct Listeners { [OnEvent] public void On(OrderPlaced e) { } }", "'Listeners' is a struct, which is not a service")]
    public async Task CARILLON006_a_listener_without_an_object_to_call_it_on(string type, string reason) =>
        (await FindAsync(type)).ShouldHaveSingleItem().ShouldContain($"can never be called: {reason}, so there is no object to call it on.");

    [Theory]
    [InlineData("internal static class Listeners { [OnEvent] public static void On(OrderPlaced e) { } }")]
    [InlineData("internal abstract class Listeners { [OnEvent] public static void On(OrderPlaced e) { } }")]
    [InlineData("internal struct Listeners { [OnEvent] public static void On(OrderPlaced e) { } }")]
    [InlineData("internal sealed record Listeners { [OnEvent] public void On(OrderPlaced e) { } }")]
    public async Task CARILLON006_not_a_static_listener_or_one_in_a_class(string type) => (await FindAsync(type)).ShouldBeEmpty();

    [Theory]
    [InlineData("OnTheStack", "a ref struct lives on the stack only")]
    [InlineData("int?", "an event is never null, so take the struct itself")]
    public async Task CARILLON007_a_type_that_no_event_has(string type, string reason) =>
        (await InClassAsync($"[OnEvent] public void On({type} e) {{ }}")).ShouldHaveSingleItem()
            .ShouldBe($"CARILLON007 at On: 'Listeners.On' can never be called with '{type}': {reason}. Take a class, an interface or an ordinary struct.");

    [Theory]
    [InlineData("OrderPlaced?")]
    [InlineData("object")]
    [InlineData("int")]
    [InlineData("IEquatable<OrderPlaced>")]
    public async Task CARILLON007_not_a_class_an_interface_or_a_struct(string type) =>
        (await InClassAsync($"[OnEvent] public void On({type} e) {{ }}")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON008_two_natural_ids_from_two_namespaces() =>
        (await AnalyzerTest.FindAsync(
            new SourceFile("A.cs", "namespace A; internal sealed class Listeners { [Carillon.OnEvent] public void On(string e) { } }"),
            new SourceFile("B.cs", "namespace B; internal sealed class Listeners { [Carillon.OnEvent] public void On(string e) { } }"))).ShouldBe(
        [
            "CARILLON008 at On: 'A.Listeners.On(string)' has the id 'Listeners.On', which 'B.Listeners.On(string)' has too. Give one of them another: [OnEvent(Id = \"...\")].",
            "CARILLON008 at On: 'B.Listeners.On(string)' has the id 'Listeners.On', which 'A.Listeners.On(string)' has too. Give one of them another: [OnEvent(Id = \"...\")].",
        ]);

    [Fact]
    public async Task CARILLON008_an_explicit_id_that_is_the_natural_one_of_another() =>
        (await InClassAsync("[OnEvent(Id = \"Listeners.Second\")] public void First(OrderPlaced e) { } [OnEvent] public void Second(OrderPlaced e) { }")).Length.ShouldBe(2);

    [Fact]
    public async Task CARILLON008_overloads_of_one_event() =>
        (await InClassAsync("[OnEvent] public void On(OrderPlaced e) { } [OnEvent] public void On(OrderPlaced e, string text) { }")).Length.ShouldBe(2);

    [Fact]
    public async Task CARILLON008_not_overloads_of_two_events_or_parts_of_one_method() =>
        (await FindAsync("""
            internal sealed partial class Listeners
            {
                [OnEvent] public void On(OrderPlaced e) { }
                [OnEvent] public void On(OrderSent e) { }
                [OnEvent] public partial void Divided(OrderSent e);
                public partial void Divided(OrderSent e) { }
            }
            """)).ShouldBeEmpty();

    [Theory]
    [InlineData("", "a name has 1 to 200 characters")]
    [InlineData("order..placed", "it has an empty segment")]
    [InlineData("order placed", "' ' is not allowed")]
    [InlineData("order.*", "'*' is not allowed")]
    public async Task CARILLON009_an_invalid_name(string name, string reason) =>
        (await FindAsync($"[Event(\"{name}\")] internal sealed record Named;")).ShouldHaveSingleItem()
            .ShouldStartWith($"CARILLON009 at Event(\"{name}\"): The event 'Named' has the name '{name}', but {reason}");

    [Fact]
    public async Task CARILLON009_not_a_valid_name() => (await FindAsync("[Event(\"order.line-item.added\", Version = 2)] internal sealed record Named;")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON010_an_empty_id() =>
        (await InClassAsync("[OnEvent(Id = \"\")] public void On(OrderPlaced e) { }")).ShouldHaveSingleItem()
            .ShouldBe("CARILLON010 at On: 'Listeners.On' has an empty id, but stored deliveries must name it. Leave Id out, or give it one.");

    [Fact]
    public async Task CARILLON010_not_an_id() => (await InClassAsync("[OnEvent(Id = \"audit\")] public void On(OrderPlaced e) { }")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON020_a_wildcard_that_shares_its_segment() =>
        (await InClassAsync("[OnEvent(\"order.p*\")] public void On(OrderPlaced e) { }")).ShouldHaveSingleItem()
            .ShouldBe("CARILLON020 at On: 'Listeners.On' listens to 'order.p*', but 'p*' mixes a wildcard with other characters: '*' stands for one whole segment between dots, "
                + "'#' for any number of them. Listen to a name, \"user.created\", or to a pattern like \"user.*\" or \"user.#\".");

    [Theory]
    [InlineData("")]
    [InlineData("order.**")]
    public async Task CARILLON020_not_a_pattern(string pattern) =>
        (await InClassAsync($"[OnEvent(\"{pattern}\")] public void On(OrderPlaced e) {{ }}")).ShouldHaveSingleItem().ShouldStartWith("CARILLON020");

    [Theory]
    [InlineData("order.placed")]
    [InlineData("order.*")]
    [InlineData("#")]
    public async Task CARILLON020_not_a_name_or_a_pattern(string pattern) =>
        (await InClassAsync($"[OnEvent(\"{pattern}\", Delivery.Durable)] public void On(OrderPlaced e) {{ }}")).ShouldBeEmpty();

    [Fact]
    public async Task Every_method_that_the_generator_leaves_out_is_reported()
    {
        var findings = await AnalyzerTest.FindAsync(InvalidListeners.Source);

        findings.Length.ShouldBe(Regex.Count(InvalidListeners.Source, Regex.Escape("[OnEvent")));
    }

    private static Task<string[]> InClassAsync(string member) => FindAsync($"internal class Listeners {{ {member} }}");

    private static Task<string[]> FindAsync(string source) => AnalyzerTest.FindAsync(Types + source);
}
