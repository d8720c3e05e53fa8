namespace Carillon.Generators.Tests.Discovery;

public sealed class ListenerReaderTests
{
    [Fact]
    public void Ids_are_type_and_method_with_the_event_behind_overloads() => GeneratorTest.Approve("""
        using Carillon;

        namespace Acme;

        internal sealed record OrderPlaced;
        internal sealed record OrderSent;

        internal sealed class Outer
        {
            [OnEvent] public void Alone(OrderPlaced e) { }
            public void Alone(OrderSent e) { }

            internal sealed record Inner
            {
                [OnEvent] public void On(OrderPlaced e) { }
                [OnEvent] public void On(OrderSent e) { }
                [OnEvent(Id = "explicit")] public void On(object e) { }
            }
        }
        """);

    [Fact]
    public void A_partial_class_and_a_partial_method_are_one_class_and_one_listener() => GeneratorTest.Approve(TestAssembly.Program(
        new SourceFile("/b/Second.cs", """
            internal sealed partial class OrderListeners
            {
                [Carillon.OnEvent] public void InSecond(OrderPlaced e) { }
                public partial void Divided(OrderPlaced e, string? text) { }
            }
            """),
        new SourceFile("/a/First.cs", """
            internal sealed record OrderPlaced;

            internal sealed partial class OrderListeners
            {
                [Carillon.OnEvent] public partial void Divided(OrderPlaced e, string? text = "declared");
                [Carillon.OnEvent] public void InFirst(OrderPlaced e) { }
            }
            """)));

    [Fact]
    public void A_listener_of_a_type_that_does_not_exist_is_left_to_the_compiler() =>
        GeneratorTest.Generate(TestAssembly.Program(new SourceFile("Source.cs", """
            internal static class Listeners { [Carillon.OnEvent] public static void On(Missing e) { } }
            """))).ShouldNotContain("Listeners.On");
}
