using Carillon.CodeFixes;

namespace Carillon.Analyzers.Tests.Shapes;

public sealed class ShapeAnalyzerTests
{
    private const string Listener = "internal sealed class L { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } }";

    [Theory] // B13 at build
    [InlineData("public IReadOnlyList<int> Lines { get; } = [];", "Lines", "it is written and never read back, for it has no setter and no constructor takes it")]
    [InlineData("public DateTimeOffset At { get; } = DateTimeOffset.UnixEpoch;", "At", "it is written and never read back, for it has no setter")]
    [InlineData("private readonly int _number = 1; public int Number => _number;", "Number", "it is written and never read back, for it has no setter")]
    [InlineData("public int Number { get; private set; }", "Number", "it is written and never read back, for its setter is not public")]
    [InlineData("internal int Number { get; init; }", "Number", "it is internal, so JSON leaves it out")]
    [InlineData("public int Number { private get; init; }", "Number", "its getter is not public, so it is never written")]
    [InlineData("public readonly int Number = 1;", "Number", "it is a field, which JSON leaves out")]
    [InlineData("[System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] public string? Text { get; }", "Text", "it is written and never read back")]
    public async Task CARILLON022_a_member_that_does_not_come_back(string member, string name, string reason)
    {
        var found = (await FindAsync(member)).ShouldHaveSingleItem();

        found.ShouldStartWith($"CARILLON022 at {name}: 'OrderPlaced.{name}' is part of a durable event and does not come back from storage: {reason}");
    }

    [Theory]
    [InlineData("Action", "Action", "nothing outside of this process")]
    [InlineData("System.IO.MemoryStream", "MemoryStream", "nothing outside of this process")]
    [InlineData("CancellationToken?", "CancellationToken", "nothing outside of this process")]
    [InlineData("Type", "Type", "nothing outside of this process")]
    [InlineData("Task<int>", "Task<int>", "nothing outside of this process")]
    [InlineData("InvalidOperationException", "InvalidOperationException", "cannot carry all")]
    [InlineData("object", "object", "JsonElement")]
    [InlineData("IReadOnlyDictionary<string, object>", "object", "JsonElement")]
    [InlineData("(int, string)", "(int, string)", "parts are fields")]
    [InlineData("int[,]", "int[,]", "one dimension")]
    [InlineData("Stack<int>", "Stack<int>", "upside down")]
    [InlineData("IComparable", "IComparable", "abstract")]
    [InlineData("IReadOnlyList<Shape>", "Shape", "abstract")]
    public async Task CARILLON023_a_type_that_is_not_carried(string type, string said, string reason)
    {
        var found = (await AnalyzerTest.FindAsync(
            $"using Carillon;\nusing System.Threading;\ninternal abstract record Shape; internal sealed record OrderPlaced(int Id) {{ public required {type} Value {{ get; init; }} }} {Listener}"))
            .Where(each => !each.StartsWith("CARILLON011", StringComparison.Ordinal)).ShouldHaveSingleItem();

        found.ShouldStartWith($"CARILLON023 at Value: 'OrderPlaced.Value' is part of a durable event and is of the type '{said}', ");
        found.ShouldContain(reason);
    }

    [Theory]
    [InlineData("internal sealed class OrderPlaced(int number) { public int Id { get; } = number; }", "its constructor takes 'number'")]
    [InlineData("internal sealed class OrderPlaced(int id) { public long Id { get; } = id; }", "its constructor takes 'id'")]
    [InlineData("internal sealed class OrderPlaced { private OrderPlaced() { } public int Id { get; init; } internal static OrderPlaced Make() => new(); }", "it has no public constructor")]
    [InlineData("internal sealed class OrderPlaced { public OrderPlaced(int id) => Id = id; public OrderPlaced(string id) => Id = id.Length; public int Id { get; init; } }", "it has several constructors")]
    public async Task CARILLON024_a_type_that_cannot_be_made(string type, string reason) =>
        (await AnalyzerTest.FindAsync($"using Carillon;\n{type} {Listener}")).ShouldHaveSingleItem()
            .ShouldStartWith($"CARILLON024 at OrderPlaced: 'OrderPlaced' is part of a durable event and cannot be made again from JSON: {reason}");

    [Fact]
    public async Task CARILLON025_a_base_class_that_does_not_list_who_derives_from_it() =>
        (await FindAsync("public Base? Value { get; init; }", "internal class Base { public int Number { get; init; } } internal sealed class Zero : Base; internal sealed class Another : Base;"))
            .ShouldHaveSingleItem().ShouldStartWith("CARILLON025 at Value: 'OrderPlaced.Value' is part of a durable event and of the type 'Base', from which 'Another' derives");

    [Theory]
    [InlineData("public int Number { get; init; } public int Twice => Number * 2; private int Hidden { get; } = 1; internal int Sum => Hidden + Number;")]
    [InlineData("[System.Text.Json.Serialization.JsonIgnore] public Action? Lost { get; init; } [System.Text.Json.Serialization.JsonIgnore] internal int Inside { get; init; }")]
    [InlineData("[System.Text.Json.Serialization.JsonInclude] public int Number { get; private set; } [System.Text.Json.Serialization.JsonInclude] internal int Inside { get; init; }")]
    [InlineData("[System.Text.Json.Serialization.JsonInclude] public readonly int Number = 1;")]
    [InlineData("[System.Text.Json.Serialization.JsonExtensionData] public IDictionary<string, System.Text.Json.JsonElement>? More { get; init; }")]
    [InlineData("public System.Text.Json.Nodes.JsonNode? Node { get; init; } public Uri? Address { get; init; } public OrderPlaced? Before { get; init; }")]
    [InlineData("public Listed? Value { get; init; } public IReadOnlyList<Abstract> Many { get; init; } = [];")]
    [InlineData("public static int Count { get; } public const int Max = 1; public int this[int index] => index;")]
    [InlineData("public EntityRef<Listed> Reference { get; init; } public int? Perhaps { get; init; } public DayOfWeek Day { get; init; }")]
    public async Task What_comes_back_is_not_reported(string members) =>
        (await FindAsync(
            members,
            """
            [System.Text.Json.Serialization.JsonDerivedType(typeof(Derived), "derived")] internal class Listed { public int Number { get; init; } }
            internal sealed class Derived : Listed;
            [System.Text.Json.Serialization.JsonDerivedType(typeof(Concrete), "concrete")] internal abstract record Abstract;
            internal sealed record Concrete(int Number) : Abstract;
            """)).Where(each => !each.StartsWith("CARILLON011", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("[OnEvent] internal void On(OrderPlaced e) { }")]
    [InlineData("[OnEvent(Delivery.Background)] internal void On(OrderPlaced e) { }")]
    [InlineData("[OnEvent(\"order.*\", Delivery.Durable)] internal void On(OrderPlaced e) { }")]
    public async Task An_event_that_is_not_stored_may_carry_anything(string listener) =>
        (await AnalyzerTest.FindAsync($"using Carillon;\ninternal sealed record OrderPlaced(Action Callback); internal sealed class L {{ {listener} }}")).ShouldBeEmpty();

    [Fact]
    public async Task What_is_inside_of_the_event_is_looked_at_too_and_each_member_once() =>
        (await AnalyzerTest.FindAsync($$"""
            using Carillon;
            internal sealed record OrderPlaced(IReadOnlyList<Line> Lines, Line First);
            internal sealed record OrderShipped(Line First);
            internal record Part { public int Number { get; } }
            internal sealed record Line(string Sku) : Part;
            {{Listener}}
            internal sealed class M { [OnEvent(Delivery.Durable)] internal void On(OrderPlaced e) { } [OnEvent(Delivery.Durable)] internal void On(OrderShipped e) { } }
            """)).ShouldHaveSingleItem().ShouldStartWith("CARILLON022 at Number: 'Part.Number'");

    [Fact]
    public async Task A_durable_listener_that_is_registered_in_code_counts() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal sealed record OrderPlaced(Action Callback);
            internal static class Start
            {
                internal static void Add(CarillonBuilder carillon) =>
                    carillon.Listen<OrderPlaced>(_ => { }, options => { options.Delivery = Delivery.Durable; options.Id = "it"; });
            }
            """)).ShouldHaveSingleItem().ShouldStartWith("CARILLON023 at Callback");

    [Fact]
    public async Task A_property_without_a_setter_is_made_init_only() =>
        (await FixTest.ApplyAsync<CarriedFix>($"using Carillon;\ninternal sealed record OrderPlaced {{ public int Number {{ get; }} = 1; }} {Listener}"))
            .ShouldContain("public int Number { get; init; } = 1;");

    [Fact]
    public async Task An_internal_property_is_marked() =>
        (await FixTest.ApplyAsync<CarriedFix>($"using Carillon;\ninternal sealed record OrderPlaced\n{{\n    internal int Number {{ get; init; }}\n}}\n{Listener}"))
            .ShouldContain("JsonInclude]\n    internal int Number { get; init; }");

    [Theory]
    [InlineData("internal sealed record OrderPlaced { public int Number { get; private set; } }")]
    [InlineData("internal abstract record Base { public abstract int Number { get; } } internal sealed record OrderPlaced : Base { public override int Number { get; } = 1; }")]
    [InlineData("internal sealed record OrderPlaced { private readonly int _number = 1; public int Number => _number; }")]
    public async Task Nothing_is_offered_where_the_mend_is_not_certain(string type) =>
        (await FixTest.OffersAsync<CarriedFix>($"using Carillon;\n{type} {Listener}")).ShouldBe(0);

    private static Task<string[]> FindAsync(string members, string others = "") =>
        AnalyzerTest.FindAsync($"using Carillon;\n{others}\ninternal sealed record OrderPlaced {{ {members} }} {Listener}");
}
