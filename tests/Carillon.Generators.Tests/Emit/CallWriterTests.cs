using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Tests.Emit;

public sealed class CallWriterTests
{
    [Fact]
    public void Parameters_come_from_the_dispatch_and_from_the_container() => GeneratorTest.Approve("""
        using Carillon;
        using Microsoft.Extensions.DependencyInjection;

        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);
        internal interface ISitemap;

        internal sealed class OrderListeners(ISitemap constructed)
        {
            [OnEvent]
            public void FromTheDispatch(OrderPlaced e, CancellationToken cancellationToken, IServiceProvider services) => _ = constructed;

            [OnEvent]
            public void FromTheContainer(OrderPlaced e, ISitemap sitemap, List<string?> log, [FromKeyedServices("blue")] ISitemap blue) { }

            [OnEvent]
            public void WithContext(OrderSent e, EventContext context, in CancellationToken cancellationToken) { }
        }
        """);

    [Fact]
    public void A_service_that_may_be_missing_is_replaced_by_the_default_of_its_parameter() => GeneratorTest.Approve("""
        using Carillon;
        using Microsoft.Extensions.DependencyInjection;

        internal sealed record OrderPlaced(int Number);
        internal interface ISitemap;

        internal static class OrderListeners
        {
            [OnEvent]
            public static void On(
                OrderPlaced e,
                ISitemap? nullable,
                [FromKeyedServices("blue")] ISitemap? keyed,
                ISitemap? nothing = null,
                string text = "a \"quoted\"\nline",
                char letter = '\'',
                bool yes = true,
                long number = long.MinValue,
                float single = 1.5f,
                double real = double.NaN,
                decimal money = 1.10m,
                DayOfWeek day = DayOfWeek.Friday,
                DayOfWeek? maybe = DayOfWeek.Monday,
                DateTime date = default,
                CancellationToken cancellationToken = default) { }
        }
        """);

    [Fact]
    public void Keys_of_services_keep_the_type_that_they_have_in_the_attribute() => GeneratorTest.Approve("""
        using Carillon;
        using Microsoft.Extensions.DependencyInjection;

        internal sealed record OrderPlaced(int Number);
        internal interface ISitemap;

        internal static class OrderListeners
        {
            [OnEvent]
            public static void On(
                OrderPlaced e,
                [FromKeyedServices("text")] ISitemap text,
                [FromKeyedServices(1)] ISitemap number,
                [FromKeyedServices(1L)] ISitemap longNumber,
                [FromKeyedServices(DayOfWeek.Friday)] ISitemap day,
                [FromKeyedServices(typeof(Dictionary<string, int>))] ISitemap type,
                [FromKeyedServices(null)] ISitemap none) { }
        }
        """);

    [Theory]
    [InlineData("typeof(Hidden)")]
    [InlineData("typeof(Hidden[])")]
    [InlineData("typeof(List<Hidden>)")]
    [InlineData("typeof(Local)")]
    [InlineData("Speed.Slow")]
    [InlineData("new[] { 1 }")]
    public void A_listener_with_a_key_that_generated_code_cannot_name_is_left_out(string key)
    {
        var output = GeneratorTest.Compile(TestAssembly.Program(new SourceFile("Source.cs", $$"""
            using Carillon;
            using Microsoft.Extensions.DependencyInjection;

            internal sealed record OrderPlaced(int Number);
            internal interface ISitemap;
            file sealed class Local;

            internal static class OrderListeners
            {
                [OnEvent] public static void On(OrderPlaced e, [FromKeyedServices({{key}})] ISitemap sitemap) { }
                private sealed class Hidden;
                private enum Speed { Slow }
            }
            """)));

        output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        output.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("CarillonListeners.g.cs", StringComparison.Ordinal)).ToString().ShouldNotContain("OrderListeners");
    }

    [Theory]
    [InlineData("[OnEvent] internal static void On(OrderPlaced e, int*[] all) { }")]
    [InlineData("[OnEvent] internal static int*[] On(OrderPlaced e) => [];")]
    [InlineData("[OnEvent] internal static void On(List<int*[]> e) { }")]
    [InlineData("[OnEvent] internal static void On(Seen e) { }")]
    public void What_only_unsafe_code_could_write_is_left_out(string listener)
    {
        var program = TestAssembly.Program(new SourceFile("Source.cs", $$"""
            using Carillon;

            internal sealed record OrderPlaced(int Number);
            [InvalidatesCache("seen:{Key}")] internal sealed class Seen { public ReadOnlySpan<char> Key => "7"; }
            internal static unsafe class OrderListeners { {{listener}} }
            """));

        GeneratorTest.Compile(program.WithOptions(program.Options.WithAllowUnsafe(true))).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void Names_that_are_keywords_or_look_like_those_of_the_framework_are_written_in_full() => GeneratorTest.Approve("""
        namespace @namespace.System
        {
            internal sealed record @event(int Number);

            internal static class Task
            {
                internal sealed class @class
                {
                    [Carillon.OnEvent] public void @switch(@event e) { }
                    [Carillon.OnEvent] public async global::System.Threading.Tasks.Task await(@event e) => await global::System.Threading.Tasks.Task.Yield();
                    [Carillon.OnEvent] public async global::System.Threading.Tasks.Task yield(@event e) => await global::System.Threading.Tasks.Task.Yield();
                }
            }
        }
        """);
}
