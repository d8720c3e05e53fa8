namespace Carillon.Generators.Tests.Discovery;

public sealed class StatelessClassTests
{
    [Fact]
    public void Only_a_class_that_carries_nothing_between_calls_is_a_singleton() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record Placed;
        internal interface ISitemap;

        internal sealed class SingletonWithoutFields { [OnEvent] public void On(Placed e) { } }
        internal sealed record SingletonRecord { [OnEvent] public void On(Placed e) { } }
        internal sealed class SingletonWithConstants
        {
            private static readonly List<int> Shared = [];
            private const int Limit = 3;
            private readonly int _limit = Limit;
            private readonly string _text = "";
            public DayOfWeek Day { get; } = DayOfWeek.Friday;
            [OnEvent] public void On(Placed e) => Shared.Add(_limit + _text.Length);
        }

        internal sealed class ScopedByParameter(ISitemap sitemap) { [OnEvent] public void On(Placed e) => _ = sitemap; }
        internal sealed class ScopedByField { private int _count; [OnEvent] public void On(Placed e) => _count++; }
        internal sealed class ScopedByProperty { public int Count { get; set; } [OnEvent] public void On(Placed e) { } }
        internal sealed class ScopedByReadonlyList { private readonly List<int> _seen = []; [OnEvent] public void On(Placed e) => _seen.Add(1); }
        internal class Counting { protected int Count { get; set; } }
        internal sealed class ScopedByBase : Counting { [OnEvent] public void On(Placed e) => Count++; }
        internal class Counted { private static int _made; protected Counted() => _made++; }
        internal sealed class ScopedByConstructorOfBase : Counted { [OnEvent] public void On(Placed e) { } }
        internal sealed class ScopedByRequiredMember { public required string Text { get; init; } [OnEvent] public void On(Placed e) { } }
        internal sealed class ScopedByUnknownBase : System.Collections.CollectionBase { [OnEvent] public void On(Placed e) { } }
        """);

    [Theory]
    [InlineData("class Listeners { private readonly string _id = Guid.NewGuid().ToString();", "_ = _id;")]
    [InlineData("class Listeners { private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();", "_ = _started;")]
    [InlineData("class Listeners { public int Thread { get; } = Environment.CurrentManagedThreadId;", "_ = Thread;")]
    [InlineData("class Listeners { public int Thread { get; init; } = Environment.CurrentManagedThreadId;", "_ = Thread;")]
    [InlineData("class Listeners { private const int Own = 1; private readonly int _a = Own, _b = Environment.CurrentManagedThreadId;", "_ = _a + _b;")]
    [InlineData("record Listeners { private readonly PlatformID _platform = Environment.OSVersion.Platform;", "_ = _platform;")]
    [InlineData("class Made { protected readonly int _at = Environment.TickCount; } class Listeners : Made {", "_ = _at;")]
    [InlineData("partial class Listeners { private readonly int _at = Environment.TickCount; } partial class Listeners {", "_ = _at;")]
    public void A_class_one_of_whose_values_is_found_when_it_is_made_is_a_service(string declaration, string use) =>
        GeneratorTest.Generate(TestAssembly.Program(new SourceFile("Source.cs", Source(declaration, use)))).ShouldContain("AddListenerClass(typeof(global::Listeners)");

    [Theory]
    [InlineData("class Listeners { private readonly string? _none; private readonly int _zero;", "_ = (_none, _zero);")]
    [InlineData("class Listeners { private readonly string _text = nameof(Listeners) + \"!\"; private readonly double _half = 1 / 2d;", "_ = (_text, _half);")]
    [InlineData("class Listeners { public int Limit { get; } = 1 << 4; public string? Name { get; init; } = default;", "_ = (Limit, Name);")]
    [InlineData("class Made { protected readonly int _at = 7; } class Listeners : Made {", "_ = _at;")]
    public void A_class_whose_values_are_constants_or_none_needs_no_container(string declaration, string use) =>
        GeneratorTest.Generate(TestAssembly.Program(new SourceFile("Source.cs", Source(declaration, use)))).ShouldNotContain("AddListenerClass");

    private static string Source(string declaration, string use) =>
        $"using Carillon; internal sealed record Placed; {declaration} [OnEvent] public void On(Placed e) {{ {use} }} }}";
}
