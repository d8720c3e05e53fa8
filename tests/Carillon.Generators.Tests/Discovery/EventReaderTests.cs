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

    [Fact] // Also of one that would be a line in the manifest, which has no room for them
    public void Former_names_are_registered_with_their_event() => GeneratorTest.Approve("""
        using Carillon;

        namespace Acme;

        [Event("boat.hired", FormerNames = ["boat.rented", "boat.\u006cent"])] internal sealed record BoatHired;
        [Event("boat.sunk", FormerNames = new string[] { "boat.lost" }, Errors = EventErrors.Isolate)] internal sealed record BoatSunk;
        [Event("boat.built", FormerNames = [])] internal sealed record BoatBuilt;

        internal static class Listeners
        {
            [OnEvent] public static void On(BoatHired e) { }
            [OnEvent] public static void On(BoatSunk e) { }
            [OnEvent] public static void On(BoatBuilt e) { }
        }
        """);

    [Fact] // Also of those that would be a line in the manifest, which has no room for it
    public void That_an_event_leaves_is_registered_with_it() => GeneratorTest.Approve("""
        using Carillon;

        namespace Acme;

        [Event("boat.hired", Leaves = true)] internal sealed record BoatHired;
        [Event("boat.sunk", Leaves = true, NeedsSubscriber = true)] internal sealed record BoatSunk;
        [Event("boat.lost", Leaves = false, NeedsSubscriber = false)] internal sealed record BoatLost;
        [Event("boat.built", NeedsSubscriber = true)] internal sealed record BoatBuilt;
        [Event("boat.named", Leaves = true)] internal sealed record BoatNamed;

        internal static class Listeners
        {
            [OnEvent] public static void On(BoatHired e) { }
            [OnEvent(Delivery.Durable)] public static void On(BoatSunk e) { }
            [OnEvent] public static void On(BoatLost e) { }
            [OnEvent] public static void On(BoatBuilt e) { }
        }
        """);

    [Fact]
    public void What_comes_before_and_after_an_operation_is_named_after_it() => GeneratorTest.Approve("""
        using Carillon;
        using Carillon.Operations;

        [Operation("user.create")]
        internal sealed record CreateUser;
        internal sealed record DeleteUser;

        internal static class Listeners
        {
            [OnEvent]
            public static void Before(Before<CreateUser> e) { }

            [OnEvent]
            public static void After(After<CreateUser, int> e) { }

            [OnEvent]
            public static void AfterAny(After<CreateUser> e) { }

            [OnEvent("delete.user.before")]
            public static void ByName(Before<DeleteUser> e) { }
        }
        """);
}
