namespace Carillon.Generators.Tests.Assemblies;

/// <summary>Every shape that an event or a listener can have, compiled and run: alone with its event (a manifest), and beside another (a plan).</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData("record", "public sealed record Event(int X);", "new Event(1)", "Event")]
    [InlineData("record struct", "public record struct Event(int X);", "new Event(1)", "Event")]
    [InlineData("struct by in", "public readonly struct Event { }", "new Event()", "in Event")]
    [InlineData("enum", "public enum Event { One }", "Event.One", "Event")]
    [InlineData("nested", "public static class Outer { public sealed record Event(int X); }", "new Outer.Event(1)", "Outer.Event")]
    [InlineData("closed generic", "public sealed record Event<T>(T X);", "new Event<string>(\"\")", "Event<string>")]
    [InlineData("nullable argument", "public sealed record Event<T>(T X);", "new Event<string?>(null)", "Event<string?>")]
    [InlineData("nested in generic", "public static class Outer<T> { public sealed record Event(T X); }", "new Outer<int>.Event(1)", "Outer<int>.Event")]
    [InlineData("keyword", "namespace @namespace { public sealed record @event(int X); }", "new @namespace.@event(1)", "@namespace.@event")]
    [InlineData("required member", "public sealed class Event { public required int X { get; init; } }", "new Event { X = 1 }", "Event")]
    [InlineData("of the framework", "", "new Version(1, 2)", "Version")]
    [InlineData("string", "", "\"text\"", "string")]
    [InlineData("tuple", "", "(1, \"text\")", "(int Left, string Right)")]
    [InlineData("array", "public sealed record Event(int X);", "new[] { new Event(1) }", "Event[]")]
    [InlineData("list", "", "new List<int>()", "List<int>")]
    [InlineData("file of look-alikes", "namespace System2 { public sealed record Task; } namespace Acme.Carillon { public sealed record Event; }", "new Acme.Carillon.Event()", "Acme.Carillon.Event")]
    public async Task An_event_of_any_shape_reaches_its_listener(string shape, string declaration, string value, string parameter)
    {
        shape.ShouldNotBeEmpty();
        const string Listening = "internal static class First { [OnEvent] public static void On(PARAMETER e) => Trail.Add(\"first\"); }";
        const string Second = "internal sealed class Second { [OnEvent] public async Task On(PARAMETER e) { await Task.Yield(); Trail.Add(\"second\"); } }";
        var story = Stage.Story("carillon.AddListeners();", $"await events.DispatchAsync({value}); await events.DispatchObjectAsync({value});");

        (await new Solution().RunAsync(story + declaration + Stage.Trail + Listening.Replace("PARAMETER", parameter))).ShouldBe(["first", "first"]);
        (await new Solution().RunAsync(story + declaration + Stage.Trail + Listening.Replace("PARAMETER", parameter) + Second.Replace("PARAMETER", parameter.Replace("in ", ""))))
            .ShouldBe(["first", "second", "first", "second"]);
    }

    [Theory]
    [InlineData("record", "internal sealed record Listeners { [OnEvent] public void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("record with parameter", "internal sealed record Listeners(IServiceProvider Services) { [OnEvent] public void On(Event e) => Trail.Add(Services is null ? \"\" : \"on\"); }")]
    [InlineData("static in struct", "internal struct Listeners { [OnEvent] public static void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("static class", "internal static class Listeners { [OnEvent] internal static void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("nested", "internal static class Outer { internal sealed class Listeners { [OnEvent] protected internal void On(Event e) => Trail.Add(\"on\"); } }")]
    [InlineData("partial", "internal partial class Listeners { [OnEvent] public partial void On(Event e); } internal partial class Listeners { public partial void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("extension", "internal static class Listeners { [OnEvent] public static void On(this Event e) => Trail.Add(\"on\"); }")]
    [InlineData("virtual", "internal class Listeners { [OnEvent] public virtual void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("keyword", "internal sealed class @class { [OnEvent] public void @void(Event @event) => Trail.Add(\"on\"); }")]
    [InlineData("required member", "internal sealed class Listeners { public required string Text { get; init; } = \"on\"; [OnEvent] public void On(Event e) => Trail.Add(Text); }")]
    [InlineData("base with a constructor", "internal class Base { protected Base() => Trail.Add(\"on\"); } internal sealed class Listeners : Base { [OnEvent] public void On(Event e) { } }")]
    [InlineData("nullable token", "internal static class Listeners { [OnEvent] public static void On(Event e, CancellationToken? token) => Trail.Add(token.HasValue ? \"on\" : \"no token\"); }")]
    [InlineData("id of several lines", "internal static class Listeners { [OnEvent(Id = \"a\\n#error b\\u2028\\r\\\"\")] public static void On(Event e) => Trail.Add(\"on\"); }")]
    [InlineData("base type parameter", "internal class Base<T> { public T? Item => default; } internal sealed class Listeners : Base<int> { [OnEvent] public void On(Event e) => Trail.Add(\"on\"); }")]
    public async Task A_listener_of_any_shape_is_called(string shape, string listeners)
    {
        shape.ShouldNotBeEmpty();
        var story = Stage.Story("carillon.AddListeners();", "await events.DispatchAsync(new Event(1));");

        (await new Solution().RunAsync(story + "public sealed record Event(int X);" + Stage.Trail + listeners)).ShouldBe(["on"]);
    }

    [Fact]
    public async Task Keyed_optional_and_default_parameters_are_what_they_say()
    {
        var story = Stage.Story(
            "carillon.AddListeners(); services.AddKeyedSingleton(\"blue\", \"sky\").AddKeyedSingleton(DayOfWeek.Friday, \"fish\");",
            "await events.DispatchAsync(new Event(1));");
        const string Listeners = """
            public sealed record Event(int X);
            internal static class Listeners
            {
                [OnEvent]
                public static void On(
                    in Event e,
                    [FromKeyedServices("blue")] string blue,
                    [FromKeyedServices(DayOfWeek.Friday)] in string day,
                    [FromKeyedServices("red")] string? red,
                    Version? version,
                    int? number = 5,
                    char letter = '\'',
                    DayOfWeek weekday = (DayOfWeek)(-3)) =>
                    Trail.Add($"{blue} {day} {red ?? "-"} {version?.ToString() ?? "-"} {number} {letter} {weekday}");

                [OnEvent]
                public static void Timed(Event e, [System.Runtime.CompilerServices.DateTimeConstant(5), System.Runtime.InteropServices.Optional] DateTime time) =>
                    Trail.Add($"{time.Ticks}");
            }

            """;

        (await new Solution().RunAsync(story + Stage.Trail + Listeners)).ShouldBe(["sky fish - - 5 ' -3", "5"]);
    }

    [Fact] // A2; conformance 63: "any of them" is an interface, since an open generic method is refused
    public async Task Listeners_of_base_types_variant_interfaces_and_constraints_hear_what_fits()
    {
        var story = Stage.Story(
            "carillon.AddListeners();",
            "await events.DispatchAsync(new Created<Order>(new())); await events.DispatchAsync(new Created<int>(1)); await events.DispatchAsync(new Special());");
        const string Listeners = """
            public class Entity;
            public sealed class Order : Entity;
            public interface ICreated;
            public interface ICreated<out T> : ICreated;
            public record Created<T>(T Item) : ICreated<T>;
            public sealed record Special() : Created<Order>(new Order());

            internal static class Listeners
            {
                [OnEvent] public static void Exactly(Created<Order> e) => Trail.Add("exactly");
                [OnEvent] public static void Other(Created<int> e) => Trail.Add("int");
                [OnEvent] public static void Covariant(ICreated<Entity> e) => Trail.Add("covariant");
                [OnEvent] public static void Any(ICreated e) => Trail.Add("any");
            }

            """;

        (await new Solution().RunAsync(story + Stage.Trail + Listeners)).ShouldBe(
            ["exactly", "covariant", "any", "int", "any", "exactly", "covariant", "any"]);
    }
}
