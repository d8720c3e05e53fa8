using Carillon.Generators.Tests;

namespace Carillon.Analyzers.Tests.Events;

public sealed class EventNamesAnalyzerTests
{
    [Fact]
    public async Task CARILLON035_two_types_of_one_name_in_two_namespaces() =>
        (await FindAsync("""
            namespace One { internal sealed record OrderPlaced; internal static class L { [OnEvent(Id = "one")] internal static void On(OrderPlaced e) { } } }
            namespace Two { internal sealed record OrderPlaced; internal static class L { [OnEvent(Id = "two")] internal static void On(OrderPlaced e) { } } }
            """)).ShouldBe(
            [
                "CARILLON035 at OrderPlaced: The event 'One.OrderPlaced' has the name 'order.placed', which 'Two.OrderPlaced' has too. Give one of them another: [Event(\"entity.action\")].",
                "CARILLON035 at OrderPlaced: The event 'Two.OrderPlaced' has the name 'order.placed', which 'One.OrderPlaced' has too. Give one of them another: [Event(\"entity.action\")].",
            ]);

    [Fact]
    public async Task CARILLON035_two_attributes_with_one_name() =>
        (await FindAsync("[Event(\"order.placed\")] internal sealed record OrderPlaced; [Event(\"order.placed\")] internal sealed record OrderPlacedAgain;")).ShouldBe(
            [
                "CARILLON035 at OrderPlaced: The event 'OrderPlaced' has the name 'order.placed', which 'OrderPlacedAgain' has too. Give one of them another: [Event(\"entity.action\")].",
                "CARILLON035 at OrderPlacedAgain: The event 'OrderPlacedAgain' has the name 'order.placed', which 'OrderPlaced' has too. Give one of them another: [Event(\"entity.action\")].",
            ]);

    [Theory]
    [InlineData("internal sealed record OrderPlaced; [Event(\"order.placed\")] internal sealed record Other; internal static class L { [OnEvent(Delivery.Durable)] internal static void On(OrderPlaced e) { } }")]
    [InlineData("internal sealed record OrderPlaced; internal sealed record OrderPlacedEvent; internal static class L { [OnEvent] internal static void On(OrderPlaced e) { } [OnEvent] internal static void On(OrderPlacedEvent e) { } }")]
    [InlineData("internal sealed record Created<T>; internal sealed record OrderCreated; internal sealed class Order; internal static class L { [OnEvent] internal static void On(Created<Order> e) { } [OnEvent] internal static void On(OrderCreated e) { } }")]
    [InlineData("internal sealed record MailSent : IJob; [Event(\"mail.sent\")] internal sealed record Sent; internal static class L { [OnJob] internal static void On(MailSent e) { } }")]
    public async Task CARILLON035_whatever_makes_them_events(string source) =>
        (await FindAsync(source)).Count(finding => finding.StartsWith("CARILLON035", StringComparison.Ordinal)).ShouldBe(2);

    [Theory]
    [InlineData("namespace One { internal sealed record OrderPlaced; } namespace Two { internal sealed record OrderPlaced; internal static class L { [OnEvent] internal static void On(OrderPlaced e) { } } }")]
    [InlineData("namespace One { internal abstract record OrderPlaced; internal static class L { [OnEvent(Id = \"one\")] internal static void On(OrderPlaced e) { } } } namespace Two { internal sealed record OrderPlaced : One.OrderPlaced; internal static class L { [OnEvent] internal static void On(OrderPlaced e) { } } }")]
    [InlineData("namespace One { internal sealed record OrderPlaced; internal static class L { [OnEvent(Id = \"a\")] internal static void On(OrderPlaced e) { } [OnEvent(Id = \"b\")] internal static void Two(OrderPlaced e) { } } }")]
    [InlineData("[Event(\"gen.made\")] internal sealed record Gen<T>; [Event(\"gen.made\")] internal sealed record Made;")]
    [InlineData("namespace One { internal sealed record Note; internal static class L { [OnEvent(\"a.written\", Id = \"a\")] internal static void On(Note e) { } } } namespace Two { internal sealed record Note; internal static class L { [OnEvent(\"b.written\", Id = \"b\")] internal static void On(Note e) { } } }")]
    [InlineData("internal static class L { [OnEvent] internal static void On(OrderPlaced e) { } private sealed class Hidden { [Event(\"order.placed\")] private sealed record Inner; } } internal sealed record OrderPlaced;")]
    public async Task CARILLON035_not_what_is_no_event_of_its_own_or_one_event_twice(string source) =>
        (await FindAsync(source)).Where(finding => finding.StartsWith("CARILLON035", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact] // of tests, each of which has events and a host of its own
    public async Task CARILLON035_not_where_nobody_adds_what_is_generated() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal sealed class FirstTests { [Event("order.placed")] internal sealed record OrderPlaced; }
            internal sealed class SecondTests { [Event("order.placed")] internal sealed record OrderPlaced; }
            """)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON035_not_in_an_assembly_of_contracts_whose_events_others_add() =>
        (await AnalyzerTest.FindAsync(TestAssembly.Contracts(new SourceFile("/Source.cs", """
            using Carillon;
            [Event("order.placed")] internal sealed record OrderPlaced;
            [Event("order.placed")] internal sealed record OrderPlacedOnce;
            """)))).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string source) =>
        AnalyzerTest.FindAsync($"using Carillon;\n{source}\ninternal static class Start {{ internal static void Configure(CarillonBuilder carillon) => carillon.AddListeners(); }}");
}
