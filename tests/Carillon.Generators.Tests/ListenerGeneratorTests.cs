using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Tests;

public sealed class ListenerGeneratorTests
{
    private const string OneListener = """
        namespace Acme;

        internal sealed record OrderPlaced(int Number);

        internal sealed class OrderListeners
        {
            [Carillon.OnEvent]
            public void Audit(OrderPlaced e) { }
        }
        """;

    [Fact]
    public void One_listener_is_registered_with_its_class_its_event_and_a_plan() => GeneratorTest.Approve(OneListener);

    [Fact]
    public void A_program_without_listeners_has_AddListeners_all_the_same() => GeneratorTest.Approve("");

    [Fact]
    public void A_library_gets_a_public_method_that_is_named_after_it() =>
        GeneratorTest.Approve(TestAssembly.Library(new SourceFile("Source.cs", OneListener)));

    [Fact]
    public void An_event_without_listeners_is_known_under_its_name() => GeneratorTest.Approve("""
        namespace Acme;

        [Carillon.Event("order.placed", Version = 3)]
        internal sealed record OrderPlaced(int Number);

        [Carillon.Event("order")]
        internal abstract record OrderEvent;

        [Carillon.Event("order.marker")]
        internal interface IOrderEvent;

        [Carillon.Event("order.generic")]
        internal sealed record Generic<T>(T Item);
        """);

    [Fact]
    public void An_assembly_that_does_not_reference_Carillon_gets_nothing() =>
        GeneratorTest.Generate(TestAssembly.WithoutCarillon(new SourceFile("Source.cs", "public sealed record OrderPlaced(int Number);"))).ShouldBeEmpty();

    [Fact]
    public void An_application_that_sees_the_internals_of_a_library_adds_its_own_listeners_and_those_of_the_library()
    {
        var library = GeneratorTest.Output(TestAssembly.Library(
            new SourceFile("Source.cs", "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Acme.Shop\")]\n" + OneListener)));
        var application = TestAssembly
            .Program(new SourceFile("Source.cs", """
                using Carillon;

                internal static class Own
                {
                    internal static void Configure(CarillonBuilder carillon) => carillon.AddListeners().AddAcmeOrdersListeners();
                    [OnEvent] internal static void Audit(Acme.OrderPlaced e) { }
                }
                """))
            .WithAssemblyName("Acme.Shop")
            .AddReferences(library);

        GeneratorTest.Approve(application);
    }

    [Theory]
    [InlineData("Cache")]
    [InlineData("Job")]
    [InlineData("Saga")]
    [InlineData("Generated")]
    public void A_library_and_an_application_of_it_compile_though_the_library_is_named_like_a_part_of_Carillon(string name)
    {
        const string EveryPart = """
            using Carillon;

            [InvalidatesCache("orders")] public sealed record Placed(string Number);
            public sealed record Ship : IJob;
            public sealed class Shipping { public int Count { get; set; } }
            public sealed class ShippingSaga : Saga<Shipping> { [StartedBy] [CorrelatedBy("Number")] public void On(Placed e) => State.Count++; }
            public sealed class Handlers { [OnJob] public void Do(Ship job) { } [OnEvent] public void On(Placed e) { } }
            """;
        var library = TestAssembly.Library(new SourceFile("Source.cs", EveryPart)).WithAssemblyName(name);
        GeneratorTest.Compile(library).GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();

        var application = TestAssembly
            .Program(new SourceFile("Source.cs", $$"""
                using Carillon;

                [InvalidatesCache("orders")] internal sealed record Sent(string Number);
                internal static class Own { internal static void Configure(CarillonBuilder carillon) => carillon.AddListeners().Add{{name}}Listeners(); }
                """))
            .WithAssemblyName("Acme.Shop")
            .AddReferences(GeneratorTest.Output(library));

        GeneratorTest.Compile(application).GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void Methods_that_can_never_be_called_are_left_out() => GeneratorTest.Approve(InvalidListeners.Source);

    [Fact]
    public void An_edit_in_the_body_of_a_listener_and_above_it_regenerates_nothing() =>
        GeneratorTest.AssertNothingRegenerated(
            TestAssembly.Program(new SourceFile("Source.cs", OneListener)),
            TestAssembly.Program(new SourceFile("Source.cs", "// A comment.\n" + OneListener.Replace("{ }", "{ System.Console.WriteLine(e.Number); }"))));

    [Fact]
    public void A_new_name_of_a_listener_does_regenerate() =>
        Should.Throw<ShouldAssertException>(() => GeneratorTest.AssertNothingRegenerated(
            TestAssembly.Program(new SourceFile("Source.cs", OneListener)),
            TestAssembly.Program(new SourceFile("Source.cs", OneListener.Replace("Audit", "Log")))));
}
