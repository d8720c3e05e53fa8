using Carillon.CodeFixes;

namespace Carillon.Analyzers.Tests.Events;

public sealed class MutableEventAnalyzerTests
{
    private const string Advice = ": whether it sees a change that is made after the dispatch is up to chance. Use init-only properties and read-only collections.";

    [Theory]
    [InlineData("public int Total { get; set; }", "'Total' can be set")]
    [InlineData("public int Total { get; internal set; }", "'Total' can be set")]
    [InlineData("public int Total = 1;", "'Total' is a field that can be set")]
    [InlineData("public List<string> Lines { get; init; } = [];", "'Lines' is a 'List<string>'")]
    [InlineData("public IDictionary<int, string> Lines { get; init; } = new Dictionary<int, string>();", "'Lines' is a 'IDictionary<int, string>'")]
    [InlineData("public readonly int[] Lines = [];", "'Lines' is a 'int[]'")]
    [InlineData("public HashSet<int> Lines { get; } = []; public int Total { get; set; }", "'Lines' is a 'HashSet<int>' and 'Total' can be set")]
    public async Task CARILLON011_a_durable_listener_of_an_event_that_can_change(string members, string reason) =>
        (await FindAsync(members)).ShouldBe([$"CARILLON011 at On: 'Listeners.On' is durable and takes 'OrderPlaced', but {reason}{Advice}"]);

    [Fact]
    public async Task CARILLON011_a_member_of_a_base_class() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal abstract class Base { public string? Note { get; set; } }
            internal sealed class OrderPlaced : Base;
            internal sealed class Listeners { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } }
            """)).ShouldHaveSingleItem().ShouldContain("'Note' can be set");

    [Fact]
    public async Task CARILLON011_a_listener_that_is_registered_in_code() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal sealed class OrderPlaced { public int Total { get; set; } }
            internal static class Setup
            {
                internal static void Add(CarillonBuilder carillon) => carillon.Listen<OrderPlaced>(e => { }, o => { o.Id = "mail"; o.Delivery = Delivery.Durable; });
            }
            """)).ShouldHaveSingleItem().ShouldContain("'mail' is durable and takes 'OrderPlaced', but 'Total' can be set");

    [Fact]
    public async Task CARILLON011_a_background_listener_whatever_number_its_delivery_has() =>
        (await Stand.FindAsync("""
            using Carillon;
            internal sealed class OrderPlaced { public int Total { get; set; } }
            internal sealed class Listeners
            {
                [OnEvent(Delivery.Background)] internal void On(OrderPlaced e) { }
                [OnEvent(Delivery.Inline)] internal void Inline(OrderPlaced e) { }
            }
            """)).ShouldBe([$"CARILLON011 at On: 'Listeners.On' is a background listener and takes 'OrderPlaced', but 'Total' can be set{Advice}"]);

    [Theory]
    [InlineData("public int Total { get; init; }")]
    [InlineData("public int Total { get; private set; }")]
    [InlineData("public static int Count { get; set; }")]
    [InlineData("public IReadOnlyList<string> Lines { get; init; } = [];")]
    [InlineData("public System.Collections.Immutable.ImmutableArray<string> Lines { get; init; } = [];")]
    [InlineData("public System.Collections.ObjectModel.ReadOnlyCollection<string>? Lines { get; init; }")]
    [InlineData("private int _total; public int Next() => _total++;")]
    public async Task CARILLON011_not_an_event_that_nobody_can_change(string members) => (await FindAsync(members)).ShouldBeEmpty();

    [Theory]
    [InlineData("internal struct OrderPlaced { public int Total { get; set; } } internal sealed class L { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } }")]
    [InlineData("internal record struct OrderPlaced(int Total); internal sealed class L { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } }")]
    [InlineData("internal sealed class OrderPlaced { public int Total { get; set; } } internal sealed class L { [OnEvent] internal void On(OrderPlaced e) { } }")]
    [InlineData("internal sealed class OrderPlaced : IStoppableEvent { public bool IsPropagationStopped { get; set; } } internal sealed class L { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } }")]
    public async Task CARILLON011_not_a_struct_an_inline_listener_or_the_flag_of_a_stoppable_event(string source) =>
        (await AnalyzerTest.FindAsync("using Carillon;\n" + source)).ShouldBeEmpty();

    [Fact]
    public async Task The_fix_makes_what_nobody_sets_init_only()
    {
        var mended = await FixTest.ApplyAsync<InitOnlyFix>(Source("""
            public int Total { get; set; }
            public string? Note { get; set; } = "";
            internal static OrderPlaced Make() => new() { Total = 1 };
            """));

        mended.ShouldContain("public int Total { get; init; }");
        mended.ShouldContain("public string? Note { get; init; } = \"\";");
    }

    [Theory]
    [InlineData("public int Total { get; set; } internal void Change() => Total = 2;")]
    [InlineData("public int Total { get; set; } internal static void Change(OrderPlaced other) => other.Total++;")]
    [InlineData("public int Total { get; set; } internal static void Change(OrderPlaced other) => (other.Total) = 2;")]
    [InlineData("public int Total { get; set; } internal static void Change(OrderPlaced other) => (_, (_, other.Total)) = (1, (2, 3));")]
    [InlineData("public int Total = 1;")]
    public async Task No_fix_where_somebody_sets_it_or_it_is_a_field(string members) => (await FixTest.OffersAsync<InitOnlyFix>(Source(members))).ShouldBe(0);

    // Of some of these events there is more to say: that they do not survive storage.
    private static async Task<string[]> FindAsync(string members) =>
        [.. (await AnalyzerTest.FindAsync(Source(members))).Where(found => !found.StartsWith("CARILLON022", StringComparison.Ordinal))];

    private static string Source(string members) => $$"""
        using Carillon;

        internal sealed class OrderPlaced
        {
            {{members}}
        }

        internal sealed class Listeners
        {
            [OnEvent(Delivery.Durable)]
            internal void On(OrderPlaced e) { }
        }
        """;
}
