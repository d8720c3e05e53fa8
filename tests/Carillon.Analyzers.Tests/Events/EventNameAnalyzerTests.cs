using Carillon.Analyzers.Events;

namespace Carillon.Analyzers.Tests.Events;

public sealed class EventNameAnalyzerTests
{
    [Theory]
    [InlineData("order.place", "place")]
    [InlineData("order.placing", "placing")]
    [InlineData("order.open", "open")]
    [InlineData("order.line-item.feed", "feed")]
    [InlineData("order.just-send", "send")]
    public async Task CARILLON012_a_name_that_is_not_past(string name, string word) =>
        (await FindAsync($"[Event(\"{name}\")] internal sealed record OrderPlaced;")).ShouldBe(
        [
            $"CARILLON012 at Event(\"{name}\"): The event 'OrderPlaced' has the name '{name}', but '{word}' is not the past of a verb. "
            + "Name it after what has happened, like \"order.placed\"; carillon_accepted_actions in .editorconfig takes further words.",
        ]);

    [Theory]
    [InlineData("[OnEvent] internal void On(PlaceOrder e) { }")]
    [InlineData("internal static ValueTask<PlaceOrder> Do(IEventDispatcher events) => events.DispatchAsync(new PlaceOrder());")]
    [InlineData("internal static void Add(CarillonBuilder carillon) => carillon.Listen<PlaceOrder>(e => { });")]
    public async Task CARILLON012_a_type_that_a_listener_takes_or_an_emitter_dispatches(string member) =>
        (await FindAsync($"internal sealed class Users {{ {member} }} internal sealed record PlaceOrder;")).ShouldHaveSingleItem()
            .ShouldStartWith("CARILLON012 at PlaceOrder: The event 'PlaceOrder' has the name 'place.order', but 'order' is not");

    [Fact]
    public async Task CARILLON012_a_class_of_its_own_takes_it() =>
        (await FindAsync("""
            internal sealed record PlaceOrder;
            internal sealed class Listener : IListener<PlaceOrder> { public ValueTask HandleAsync(PlaceOrder e, CancellationToken token) => default; }
            """)).ShouldHaveSingleItem().ShouldStartWith("CARILLON012 at PlaceOrder:");

    [Theory]
    [InlineData("[Event(\"order.placed\")] internal sealed record Any;")]
    [InlineData("[Event(\"mail.sent\")] internal sealed record Any;")]
    [InlineData("[Event(\"order.re-opened\")] internal sealed record Any;")]
    [InlineData("[Event(\"order.place\")] internal sealed class Any : IStoppableEvent { public bool IsPropagationStopped => false; }")]
    [InlineData("[Event(\"before.request\")] internal sealed record Any;")]
    [InlineData("internal interface IDo; internal sealed class Users { [OnEvent] internal void On(IDo e) { } }")]
    [InlineData("internal abstract record Do; internal sealed class Users { [OnEvent] internal void On(Do e) { } }")]
    [InlineData("internal sealed record PlaceOrder;")]
    [InlineData("internal sealed record Form; internal sealed class Users { internal static void Add(CarillonBuilder carillon) => carillon.Listen(\"user.*\", (Form e) => { }); }")]
    [InlineData("internal sealed record Form; internal sealed class Users { internal static void Add(CarillonBuilder carillon) => carillon.Listen<Form>(e => { }, options => options.Pattern = \"user.*\"); }")]
    [InlineData("[Operation(\"order.place\")] internal sealed record PlaceOrder; internal sealed class Users { [OnEvent] internal void On(Carillon.Operations.Before<PlaceOrder> e) { } }")]
    [InlineData("internal sealed record OrderPlacedEvent; internal sealed class Users { [OnEvent] internal void On(OrderPlacedEvent e) { } }")]
    [InlineData("internal sealed record Created<T>; internal sealed class Users { [OnEvent] internal void On(Created<string> e) { } }")]
    public async Task CARILLON012_not_what_has_happened_nor_what_can_be_prevented_nor_what_is_no_event(string source) => (await FindAsync(source)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON012_not_what_comes_with_an_event_that_is_taken_by_its_name() =>
        (await Stand.FindAsync("using Carillon; internal sealed record Payload; internal sealed class Users { [OnEvent(\"user.*\")] internal void On(Payload e) { } }")).ShouldBeEmpty();

    [Theory]
    [InlineData("placed", "it has one segment only")]
    [InlineData("Order.Placed", "it has upper-case letters")]
    public async Task CARILLON013_a_name_of_another_form(string name, string reason) =>
        (await FindAsync($"[Event(\"{name}\")] internal sealed record OrderPlaced;")).ShouldBe(
            [$"CARILLON013 at Event(\"{name}\"): The event 'OrderPlaced' has the name '{name}', but {reason}. Give it a name like \"order.placed\": whom it happened to, and what."]);

    [Fact]
    public async Task CARILLON013_a_type_of_one_word() =>
        (await FindAsync("internal sealed record Placed; internal sealed class Users { [OnEvent] internal void On(Placed e) { } }")).ShouldHaveSingleItem()
            .ShouldStartWith("CARILLON013 at Placed: The event 'Placed' has the name 'placed', but it has one segment only.");

    [Theory]
    [InlineData("[Event(\"order.line-item.added\")] internal sealed record Any;")]
    [InlineData("[Event(\"order.2fa_passed\")] internal sealed record Any;")]
    [InlineData("internal sealed record HTTPRequestReceived; internal sealed class Users { [OnEvent] internal void On(HTTPRequestReceived e) { } }")]
    public async Task CARILLON013_not_a_name_of_two_segments_or_more(string source) => (await FindAsync(source)).ShouldBeEmpty();

    [Fact]
    public async Task A_project_accepts_words_of_its_own()
    {
        const string Source = "using Carillon; [Event(\"order.ready\")] internal sealed record A; [Event(\"order.overdue\")] internal sealed record B; [Event(\"order.go\")] internal sealed record C;";

        (await AnalyzerTest.FindAsync(Source, "[*.cs]\ncarillon_accepted_actions = ready,  Overdue")).ShouldHaveSingleItem().ShouldContain("'order.go'");
    }

    [Fact]
    public async Task A_project_says_how_severe_a_rule_is()
    {
        const string Source = "using Carillon; [Event(\"ready\")] internal sealed record A;";

        (await AnalyzerTest.FindAsync(Source)).Length.ShouldBe(2);
        (await AnalyzerTest.FindAsync(Source, "[*.cs]\ndotnet_diagnostic.CARILLON012.severity = none")).ShouldHaveSingleItem().ShouldStartWith("CARILLON013");
    }

    [Theory]
    [InlineData("placed", true)]
    [InlineData("sent", true)]
    [InlineData("overridden", true)]
    [InlineData("place", false)]
    [InlineData("need", false)]
    [InlineData("open", false)]
    [InlineData("red", false)]
    public void A_verb_is_past_by_its_ending_or_by_the_list(string word, bool past) => PastTense.Is(word).ShouldBe(past);

    [Fact]
    public async Task CARILLON012_of_a_generic_event_that_is_named_after_its_arguments_too() =>
        (await FindAsync("internal sealed record OrderPlace<T>; internal static class L { [OnEvent] internal static void On(OrderPlace<int> e) { } [OnEvent] internal static void Two(OrderPlace<string> e) { } }"))
            .ShouldHaveSingleItem().ShouldStartWith("CARILLON012 at OrderPlace: The event 'OrderPlace' has the name '*-order.place', but 'place' is not the past of a verb.");

    private static Task<string[]> FindAsync(string source) => AnalyzerTest.FindAsync("using Carillon;\n" + source);
}
