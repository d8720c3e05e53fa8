namespace Carillon.Analyzers.Tests.Events;

public sealed class EntityAnalyzerTests
{
    private const string Graph = """
        internal sealed class Order { public int Id { get; set; } public ICollection<Line> Lines { get; } = []; }
        internal sealed class Line { public int LineId { get; set; } public Order? Order { get; set; } }
        """;

    [Theory]
    [InlineData("Order Order", "Order")]
    [InlineData("Order? Order", "Order")]
    [InlineData("IReadOnlyList<Order> Orders", "Orders")]
    [InlineData("Order[] Orders", "Orders")]
    [InlineData("IReadOnlyDictionary<int, Order> Orders", "Orders")]
    public async Task CARILLON014_a_class_with_an_id_that_leads_on(string parameter, string name) =>
        (await FindAsync($"{Graph} [Event(\"order.placed\")] internal sealed record OrderPlaced({parameter});")).ShouldBe(
            [$"CARILLON014 at {name}: The event 'OrderPlaced' carries the entity 'Order' in '{name}': it has an id and leads on to others by 'Lines'. Carry its id or an EntityRef<Order> instead, and let listeners load what they need."]);

    [Theory]
    [InlineData("[System.ComponentModel.DataAnnotations.Schema.Table(\"orders\")] internal sealed class Order;", "it is mapped to a table")]
    [InlineData("internal sealed class Order { [System.ComponentModel.DataAnnotations.Key] public int Number { get; set; } }", "it has a key")]
    [InlineData("internal sealed class Order; internal sealed class Context { public Microsoft.EntityFrameworkCore.DbSet<Order>? Orders { get; set; } }", "a DbSet holds it")]
    [InlineData("internal class Entity { public int Id { get; set; } } internal sealed class Order : Entity { public Entity? Customer { get; set; } }", "it has an id and leads on to others by 'Customer'")]
    public async Task CARILLON014_what_annotations_and_contexts_say(string entity, string reason) =>
        (await FindAsync($"{entity} internal sealed record OrderPlaced(Order Order); internal sealed class L {{ [OnEvent] internal void On(OrderPlaced e) {{ }} }} "
            + "namespace Microsoft.EntityFrameworkCore { internal sealed class DbSet<T>; }")).ShouldBe(
            [$"CARILLON014 at Order: The event 'OrderPlaced' carries the entity 'Order' in 'Order': {reason}. Carry its id or an EntityRef<Order> instead, and let listeners load what they need."]);

    [Fact] // B14
    public async Task CARILLON014_not_a_reference_to_one() =>
        (await FindAsync($"{Graph} [Event(\"order.placed\")] internal sealed record OrderPlaced(EntityRef<Order> Order, IReadOnlyList<EntityRef<Line>> Lines);")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON014_proposes_a_reference_where_there_is_one() =>
        (await Stand.FindAsync($"using Carillon; {Graph} internal sealed record OrderPlaced(Order Order); internal sealed class L {{ [OnEvent] internal void On(OrderPlaced e) {{ }} }}"))
            .ShouldHaveSingleItem().ShouldEndWith("Carry its id or an EntityRef<Order> instead, and let listeners load what they need.");

    [Theory]
    [InlineData("internal sealed record Line(int Id, string Sku); internal sealed record Order(int Id, IReadOnlyList<Line> Lines);")]
    [InlineData("internal sealed class Order { public int Id { get; set; } public string? Name { get; set; } public List<string> Notes { get; } = []; }")]
    [InlineData("internal sealed class Money { public decimal Amount { get; set; } } internal sealed class Order { public int Id { get; set; } public Money? Total { get; set; } }")]
    [InlineData("internal sealed class Line { public int Id { get; set; } } internal sealed record Order(int Id, Line First);")]
    [InlineData("internal struct Order { public int Id { get; set; } }")]
    public async Task CARILLON014_not_a_value(string carried) =>
        (await FindAsync($"{carried} [Event(\"order.placed\")] internal sealed record OrderPlaced(Order Order, int OrderId, string Name, DateTimeOffset At);")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON014_not_a_class_that_is_no_event() => (await FindAsync($"{Graph} internal sealed record Report(Order Order);")).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string source) => AnalyzerTest.FindAsync("using Carillon;\n" + source);
}
