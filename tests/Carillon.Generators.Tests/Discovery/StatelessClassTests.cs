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
}
