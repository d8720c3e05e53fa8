namespace Carillon.Generators.Tests.Assemblies;

/// <summary>A library of events, two modules with listeners for the same events, and the application that adds them.</summary>
public sealed class ModuleTests
{
    private const string Contracts = """
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Acme.Orders")]

        namespace Acme.Contracts
        {
            public interface IOrderEvent;
            [Carillon.Event("order.placed", Version = 2)] public sealed record OrderPlaced(int Number) : IOrderEvent;
            public readonly record struct OrderMoved(int Row);
            public sealed record Created<T>(T Item);
            public sealed record OnlyOrders;
            internal sealed record Secret;
        }
        """ + Stage.Trail;

    private const string Orders = """
        using Acme.Contracts;
        using Carillon;

        namespace Acme.Orders;

        internal sealed class OrderListeners
        {
            [OnEvent] internal void Placed(OrderPlaced e) => Trail.Add($"orders {e.Number}");
            [OnEvent] internal async Task Moved(OrderMoved e) { await Task.Yield(); Trail.Add($"orders {e.Row}"); }
            [OnEvent] internal void Created(Created<string> e) => Trail.Add($"orders {e.Item}");
            [OnEvent] internal void Only(OnlyOrders e) => Trail.Add("orders only");
            [OnEvent] internal void Own(Own e) => Trail.Add("orders own");
            [OnEvent] internal void Secret(Secret e) => Trail.Add("secret");
        }

        internal sealed record Own;

        public static class Inside
        {
            public static async Task DispatchAsync(IEventDispatcher events)
            {
                await events.DispatchAsync(new Own());
                await events.DispatchAsync(new Secret());
            }
        }
        """;

    private const string Billing = """
        using Acme.Contracts;
        using Carillon;

        namespace Acme.Billing;

        internal static class BillingListeners
        {
            [OnEvent(Priority = 1)] internal static void Placed(OrderPlaced e) => Trail.Add($"billing {e.Number}");
            [OnEvent] internal static void Moved(in OrderMoved e) => Trail.Add($"billing {e.Row}");
            [OnEvent] internal static void Created(Created<int> e) => Trail.Add($"billing {e.Item}");
        }
        """;

    private const string Listening = """

        internal static class ShopListeners
        {
            [OnEvent] internal static void Any(Acme.Contracts.IOrderEvent e) => Trail.Add("shop");
            [OnEvent(Before = ["OrderListeners.Moved"])] internal static void Moved(Acme.Contracts.OrderMoved e) => Trail.Add($"shop {e.Row}");
        }

        """;

    private const string Dispatch = """
        await events.DispatchAsync(new Acme.Contracts.OrderPlaced(7));
        await events.DispatchAsync(new Acme.Contracts.OrderMoved(3));
        await events.DispatchAsync(new Acme.Contracts.Created<string>("text"));
        await events.DispatchAsync(new Acme.Contracts.Created<int>(5));
        await events.DispatchAsync(new Acme.Contracts.OnlyOrders());
        """;

    private static readonly string[] All =
        ["billing 7", "orders 7", "shop", "shop 3", "orders 3", "billing 3", "orders text", "billing 5", "orders only"];

    [Fact]
    public async Task Listeners_of_all_assemblies_run_by_priority_and_in_the_order_in_which_the_assemblies_are_added() =>
        (await Three().RunAsync(Stage.Story("carillon.AddAcmeOrdersListeners().AddAcmeBillingListeners().AddListeners();", Dispatch) + Listening)).ShouldBe(All);

    [Fact] // Conformance 121
    public async Task An_assembly_that_is_added_twice_is_there_once() =>
        (await Three().RunAsync(Stage.Story(
            "carillon.AddAcmeOrdersListeners().AddAcmeBillingListeners().AddListeners().AddAcmeBillingListeners().AddAcmeOrdersListeners();", Dispatch) + Listening)).ShouldBe(All);

    [Fact] // Conformance 108, 109
    public async Task A_plan_of_one_assembly_gives_way_when_another_has_listeners_for_the_same_event() =>
        (await Three().RunAsync(Stage.Story(
            "carillon.AddAcmeBillingListeners().AddAcmeOrdersListeners();", "await events.DispatchAsync(new Acme.Contracts.OrderMoved(3));"))).ShouldBe(["billing 3", "orders 3"]);

    [Fact]
    public async Task An_assembly_that_is_not_added_is_not_heard() =>
        (await Three().RunAsync(Stage.Story("carillon.AddAcmeBillingListeners();", Dispatch))).ShouldBe(["billing 7", "billing 3", "billing 5"]);

    [Fact]
    public async Task Internal_events_of_a_module_and_of_a_library_that_shows_it_its_own_reach_its_listeners() =>
        (await Three().RunAsync(Stage.Story("carillon.AddAcmeOrdersListeners();", "await Acme.Orders.Inside.DispatchAsync(events);"))).ShouldBe(["orders own", "secret"]);

    [Fact]
    public async Task The_name_and_the_version_that_the_contracts_give_an_event_are_known()
    {
        var story = Stage.Story(
            "carillon.AddAcmeOrdersListeners().Listen<Acme.Contracts.OrderPlaced>((e, context, _) => { Trail.Add(context.EventName); return default; });",
            "await events.DispatchAsync(new Acme.Contracts.OrderPlaced(7));");

        (await Three().RunAsync(story)).ShouldBe(["orders 7", "order.placed"]);
    }

    [Theory] // Conformance 21
    [InlineData("[OnEvent] internal static void Placed(Acme.Contracts.OrderPlaced e) { }")]
    [InlineData("[OnEvent(Priority = 5)] internal static void Placed(Acme.Contracts.OrderPlaced e) { }")]
    [InlineData("[OnEvent] internal static void Placed(Acme.Contracts.OrderPlaced e) { } [OnEvent] internal static void Second(Acme.Contracts.OrderPlaced e) { }")]
    public async Task Classes_of_one_name_in_two_assemblies_stop_the_start_with_the_names_of_both(string method)
    {
        var problems = await Three()
            .Module("Acme.Shipping", $"using Carillon; namespace Acme.Shipping; internal static class OrderListeners {{ {method} }}")
            .RunAsync(Stage.Story("carillon.AddAcmeOrdersListeners().AddAcmeShippingListeners();", ""));

        var problem = problems.ShouldHaveSingleItem();
        problem.ShouldContain("'OrderListeners.Placed'");
        problem.ShouldContain("'Acme.Contracts.OrderPlaced' in Acme.Orders");
        problem.ShouldContain("'Acme.Contracts.OrderPlaced' in Acme.Shipping");
    }

    [Fact]
    public async Task Two_types_of_one_name_in_two_assemblies_are_two_events_which_need_names_of_their_own()
    {
        var modules = new Solution()
            .Contracts("Acme.Contracts", Stage.Trail)
            .Module("Acme.Left", "namespace Acme; internal sealed record Sent; internal static class Left { [Carillon.OnEvent] internal static void On(Sent e) { } }")
            .Module("Acme.Right", "namespace Acme; internal sealed record Sent; internal static class Right { [Carillon.OnEvent] internal static void On(Sent e) { } }");

        (await modules.RunAsync(Stage.Story("carillon.AddAcmeLeftListeners().AddAcmeRightListeners();", ""))).ShouldHaveSingleItem()
            .ShouldStartWith("Two events have the name 'sent': 'Acme.Sent' in Acme.Left and 'Acme.Sent' in Acme.Right. Give each a name of its own with [Event(\"entity.action\")]; one without the attribute is called after its type.");
    }

    [Fact] // Durable listeners of modules are known under their names, the event under that of the contracts
    public async Task A_durable_listener_of_a_module_stands_beside_an_inline_one_of_another()
    {
        var modules = Three().Module("Acme.Mail", """
            using Carillon;
            namespace Acme.Mail;
            internal sealed class MailListeners { [OnEvent(Delivery.Background)] internal void Placed(Acme.Contracts.OrderPlaced e) => Trail.Add("mail"); }
            """);

        (await modules.RunAsync(Stage.Story(
            "carillon.AddAcmeMailListeners().AddAcmeOrdersListeners();",
            "await events.DispatchAsync(new Acme.Contracts.OrderPlaced(7)); await host.Services.GetRequiredService<Carillon.Background.IBackgroundListeners>().WhenIdleAsync();")))
            .ShouldBe(["orders 7", "mail"]);
    }

    private static Solution Three() => new Solution().Contracts("Acme.Contracts", Contracts).Module("Acme.Orders", Orders).Module("Acme.Billing", Billing);
}
