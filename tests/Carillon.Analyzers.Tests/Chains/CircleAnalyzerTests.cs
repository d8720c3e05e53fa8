namespace Carillon.Analyzers.Tests.Chains;

// Requirement A12: a chain that loops is found at compile time where it can be seen.
public sealed class CircleAnalyzerTests
{
    private const string Events = """
        using Carillon;
        internal interface IOrderEvent;
        internal sealed record OrderPlaced(int Number) : IOrderEvent;
        internal sealed record StockReserved(int Number);
        internal sealed record OrderPaid(int Number) : IOrderEvent;

        """;

    private const string Advice = ". Break it, or make sure that it ends and suppress this with the reason.";

    [Fact]
    public async Task CARILLON016_two_listeners_that_call_each_other() =>
        (await FindAsync("""
            internal sealed class Stock { [OnEvent] internal async ValueTask Reserve(OrderPlaced e, IEventDispatcher d) => await d.DispatchAsync(new StockReserved(1)); }
            internal sealed class Orders { [OnEvent] internal async ValueTask Place(StockReserved e, IEventBus b, CancellationToken t) => await b.PublishAsync(new OrderPlaced(1), t); }
            """)).ShouldBe(
            ["CARILLON016 at b.PublishAsync(new OrderPlaced(1), t): These listeners dispatch in a circle: StockReserved -> OrderPlaced (by Orders.Place) -> StockReserved (by Stock.Reserve)" + Advice]);

    [Fact]
    public async Task CARILLON016_a_circle_of_three_over_all_kinds_of_listeners() =>
        (await FindAsync("""
            internal sealed class A { [OnEvent] internal ValueTask<StockReserved> On(OrderPlaced e, EventContext context) => context.Dispatcher.DispatchAsync(new StockReserved(1)); }
            internal sealed class B(IEventDispatcher d) : IListener<StockReserved>
            {
                public async ValueTask HandleAsync(StockReserved e, CancellationToken token) => await PayAsync(e.Number);
                private async Task PayAsync(int number) => await d.DispatchAsync(new OrderPaid(number));
            }
            internal static class Setup
            {
                internal static void Add(CarillonBuilder carillon, IEventDispatcher d) =>
                    carillon.Listen<OrderPaid>(async e => await d.DispatchAsync(new OrderPlaced(e.Number)));
            }
            """)).ShouldBe(
            [
                "CARILLON016 at context.Dispatcher.DispatchAsync(new StockReserved(1)): These listeners dispatch in a circle: "
                + "OrderPlaced -> StockReserved (by A.On) -> OrderPaid (by B.HandleAsync) -> OrderPlaced (by the lambda for OrderPaid)" + Advice,
            ]);

    [Fact]
    public async Task CARILLON016_a_listener_of_an_interface_that_its_own_event_has() =>
        (await FindAsync("internal sealed class A { [OnEvent] internal async ValueTask On(IOrderEvent e, IEventDispatcher d) => await d.DispatchAsync(new OrderPaid(1)); }"))
            .ShouldHaveSingleItem().ShouldContain("OrderPaid -> OrderPaid (by A.On).");

    [Fact]
    public async Task CARILLON016_the_same_event_again() =>
        (await FindAsync("internal sealed class A { [OnEvent(Delivery.Durable)] internal async ValueTask On(OrderPaid e, IEventDispatcher d) => await d.DispatchAsync((object)e); }"))
            .ShouldHaveSingleItem().ShouldContain("OrderPaid -> OrderPaid (by A.On).");

    [Fact]
    public async Task CARILLON016_two_circles_are_two_findings() =>
        (await FindAsync("""
            internal sealed class A { [OnEvent] internal async ValueTask On(OrderPaid e, IEventDispatcher d) => await d.DispatchAsync(new OrderPaid(1)); }
            internal sealed class B { [OnEvent] internal async ValueTask On(StockReserved e, IEventDispatcher d) => await d.DispatchAsync(new StockReserved(1)); }
            """)).Length.ShouldBe(2);

    [Fact]
    public async Task CARILLON016_not_a_chain_that_ends() =>
        (await FindAsync("""
            internal sealed class A
            {
                [OnEvent] internal async ValueTask First(OrderPlaced e, IEventDispatcher d) => await d.DispatchAsync(new StockReserved(1));
                [OnEvent] internal async ValueTask Second(StockReserved e, IEventDispatcher d) => await d.DispatchAsync(new OrderPaid(1));
                [OnEvent] internal void Third(OrderPaid e) { }
                [OnEvent] internal void All(IOrderEvent e) { }
            }
            """)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON016_not_what_another_method_of_the_class_dispatches() =>
        (await FindAsync("""
            internal sealed class A(IEventDispatcher d)
            {
                [OnEvent] internal void On(OrderPlaced e) => Note();
                internal async Task PlaceAsync() => await d.DispatchAsync(new OrderPlaced(1));
                private static void Note() { }
            }
            """)).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string source) => AnalyzerTest.FindAsync(Events + source);
}
