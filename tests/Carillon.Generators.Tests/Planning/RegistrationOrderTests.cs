namespace Carillon.Generators.Tests.Planning;

public sealed class RegistrationOrderTests
{
    private static readonly SourceFile Orders = new("/home/one/Orders.cs", """
        internal sealed record Placed;
        internal static partial class B { [Carillon.OnEvent] public static void Z(Placed e) { } [Carillon.OnEvent] public static void A(Placed e) { } }
        """);

    private static readonly SourceFile More = new("/home/one/More.cs", """
        internal static partial class B { [Carillon.OnEvent] public static void M(Placed e) { } }
        internal static class A { [Carillon.OnEvent] public static void Last(Placed e) { } }
        """);

    [Fact]
    public void Classes_are_ordered_by_name_and_methods_as_they_are_declared() => GeneratorTest.Approve(TestAssembly.Program(Orders, More));

    [Fact]
    public void The_order_does_not_depend_on_the_order_of_files_or_on_their_folders() =>
        GeneratorTest.Generate(TestAssembly.Program(More with { Path = @"C:\elsewhere\More.cs" }, Orders with { Path = @"C:\a\Orders.cs" }))
            .ShouldBe(GeneratorTest.Generate(TestAssembly.Program(Orders, More)));
}
