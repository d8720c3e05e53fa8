namespace Carillon.Generators.Tests.Emit;

public sealed class PlanWriterTests
{
    [Fact]
    public void A_listener_that_may_still_be_running_is_awaited_before_the_next_one() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static void First(OrderPlaced e) { }
            [OnEvent] public static Task SecondAsync(OrderPlaced e, CancellationToken cancellationToken) => Task.CompletedTask;
            [OnEvent] public static void Third(OrderPlaced e) { }
        }
        """);

    [Fact]
    public void Behind_several_asynchronous_listeners_the_dispatch_goes_on_at_the_next_one() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static Task<int> TaskOfInt(OrderPlaced e) => Task.FromResult(1);
            [OnEvent] public static ValueTask<int> ValueTaskOfInt(OrderPlaced e) => new(1);
            [OnEvent] public static int Value(OrderPlaced e) => 1;
            [OnEvent] public static ValueTask ValueTask(OrderPlaced e) => default;
            [OnEvent] public static System.Runtime.CompilerServices.YieldAwaitable Awaitable(OrderPlaced e) => Task.Yield();
            [OnEvent] public static ValueTask<int> Last(OrderPlaced e) => new(1);
        }
        """);

    [Fact]
    public void A_stoppable_event_is_asked_before_every_listener() => GeneratorTest.Approve("""
        using Carillon;

        internal class OrderPlaced : IStoppableEvent { public bool IsPropagationStopped { get; set; } }

        internal sealed class LateOrderPlaced : OrderPlaced;

        internal static class OrderListeners
        {
            [OnEvent] public static void First(OrderPlaced e) { }
            [OnEvent] public static Task SecondAsync(OrderPlaced e) => Task.CompletedTask;
            [OnEvent] public static void Third(OrderPlaced e) { }
            [OnEvent] public static void Late(LateOrderPlaced e) { }
        }
        """);

    [Fact]
    public void An_event_that_hides_whether_it_is_stopped_is_asked_by_the_interface() => GeneratorTest.Approve("""
        using Carillon;

        internal struct Explicit : IStoppableEvent { readonly bool IStoppableEvent.IsPropagationStopped => false; }

        internal class Base : IStoppableEvent { public bool IsPropagationStopped => false; }
        internal sealed class Hiding : Base { public new string IsPropagationStopped => ""; }

        internal static class Listeners
        {
            [OnEvent] public static void On(Explicit e) { }
            [OnEvent] public static void On(Hiding e) { }
        }
        """);

    [Fact]
    public void Listeners_of_base_classes_and_interfaces_take_their_place_by_priority() => GeneratorTest.Approve("""
        using Carillon;

        internal interface IOrderEvent;
        internal abstract record OrderEvent : IOrderEvent;
        internal sealed record OrderPlaced(int Number) : OrderEvent;

        internal sealed class OrderListeners
        {
            [OnEvent(Priority = EventPriority.Low)] public void On(OrderPlaced e) { }
            [OnEvent(Priority = EventPriority.Critical)] public void On(OrderEvent e) { }
            [OnEvent(Priority = EventPriority.High)] public void On(IOrderEvent e) { }
            [OnEvent(Priority = -1)] public void On(object e) { }
        }
        """);

    [Fact]
    public void An_event_that_a_durable_listener_or_one_with_the_context_takes_has_no_plan() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);
        internal sealed record OrderPaid(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static void Inline(OrderPlaced e) { }
            [OnEvent(Delivery.Durable)] public static void Durable(OrderPlaced e) { }
            [OnEvent] public static void WithContext(OrderSent e, EventContext context) { }
            [OnEvent] public static void Plain(OrderPaid e) { }
        }
        """);

    [Fact] // Conformance 15, 20
    public void A_plan_heeds_which_listener_comes_before_or_after_which() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);

        internal static class OrderListeners
        {
            [OnEvent(Priority = 100, After = new[] { "OrderListeners.Third" })] public static void First(OrderPlaced e) { }
            [OnEvent(Id = "second", Priority = 50)] public static void Second(OrderPlaced e) { }
            [OnEvent] public static void Third(OrderPlaced e) { }
            [OnEvent(Before = ["second", "elsewhere"])] public static void Fourth(OrderPlaced e) { }
            [OnEvent(Before = ["OrderListeners.Contradicted"], After = ["OrderListeners.Contradicted"])] public static void Contradicting(OrderSent e) { }
            [OnEvent] public static void Contradicted(OrderSent e) { }
        }
        """);

    [Fact] // Conformance 52
    public void Behind_a_listener_that_stops_the_rest_a_plan_calls_nobody() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static void First(OrderPlaced e) { }
            [OnEvent(StopPropagation = true)] public static Task SecondAsync(OrderPlaced e) => Task.CompletedTask;
            [OnEvent] public static void Third(OrderPlaced e) { }
        }
        """);

    [Fact] // A5
    public void An_event_whose_failures_do_not_end_the_dispatch_has_no_plan() => GeneratorTest.Approve("""
        using Carillon;

        [Event(Errors = EventErrors.Isolate)] internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);

        internal sealed class OrderListeners(IServiceProvider services)
        {
            [OnEvent] public void Isolated(OrderPlaced e) => services.GetHashCode();
            [OnEvent(Errors = ListenerErrors.Log, StopPropagation = true, MaxAttempts = 3)] public void Logged(OrderSent e, Version version, EventContext context) { }
        }
        """);

    [Fact] // A8
    public void What_a_listener_returns_is_handed_on_only_by_its_invoker() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static string? Text(OrderPlaced e) => null;
            [OnEvent] public static dynamic Anything(OrderPlaced e) => 1;
            [OnEvent] public static ReadOnlySpan<char> Span(OrderPlaced e) => "";
            [OnEvent] public static Task<string> TextAsync(OrderPlaced e) => Task.FromResult("");
            [OnEvent] public static ValueTask<int> NumberAsync(OrderPlaced e) => new(1);
        }
        """);

    [Fact]
    public void An_event_that_a_background_listener_takes_has_no_plan() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderSent(int Number);

        internal static class OrderListeners
        {
            [OnEvent] public static void Inline(OrderPlaced e) { }
            [OnEvent(Delivery.Background)] public static void Background(OrderPlaced e) { }
            [OnEvent(Delivery.Background, Priority = 3)] public static Task Alone(OrderSent e) => Task.CompletedTask;
            [OnEvent(Delivery.Background, After = ["OrderListeners.Alone"])] public static void Later(OrderSent e) { }
        }
        """);

    [Fact]
    public void A_struct_is_passed_by_value_or_by_reference_as_the_listener_asks() => GeneratorTest.Approve("""
        using Carillon;

        internal readonly record struct Moved(int X, int Y);

        internal static class Listeners
        {
            [OnEvent] public static Task ByValueAsync(Moved e) => Task.CompletedTask;
            [OnEvent] public static void ByReference(in Moved e) { }
            [OnEvent] public static void ByInterface(IEquatable<Moved> e) { }
        }
        """);
}
