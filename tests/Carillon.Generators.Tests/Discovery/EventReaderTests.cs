namespace Carillon.Generators.Tests.Discovery;

public sealed class EventReaderTests
{
    [Fact]
    public void Names_are_those_of_attributes_or_derived_from_types() => GeneratorTest.Approve("""
        using Carillon;

        namespace Acme;

        [Event("order.placed")] internal sealed record ByAttribute;
        [Event("second.shape", Version = 2)] internal sealed record ByAttributeWithVersion;
        internal sealed record OrderPlacedEvent;
        internal sealed record Created<T>;
        internal sealed record Joined<TLeft, TRight>;
        internal static class Outer<T> { internal sealed record Inner; }
        internal readonly record struct Point(int X);
        internal enum Signal { Off }

        internal static class Listeners
        {
            [OnEvent] public static void On(ByAttribute e) { }
            [OnEvent] public static void On(ByAttributeWithVersion e) { }
            [OnEvent] public static void On(OrderPlacedEvent e) { }
            [OnEvent] public static void On(Created<Point> e) { }
            [OnEvent] public static void On(Joined<List<string>, int?> e) { }
            [OnEvent] public static void On(Outer<string>.Inner e) { }
            [OnEvent] public static void On(Point e) { }
            [OnEvent] public static void On(Signal e) { }
            [OnEvent] public static void OnTuple((int Left, string Right) e) { }
            [OnEvent] public static void OnArray(Point[] e) { }
            [OnEvent] public static void OnString(string e) { }
        }
        """);
}
