using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Tests.Emit;

public sealed class RegistrationWriterTests
{
    [Fact]
    public void What_the_attribute_says_is_registered() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal interface ISitemap;

        internal sealed class OrderListeners
        {
            [OnEvent(Delivery.Durable, Priority = EventPriority.High, MaxAttempts = 7, Id = "rebuild-sitemap")]
            public Task Sitemap(OrderPlaced e, ISitemap sitemap) => Task.CompletedTask;

            [OnEvent(delivery: Delivery.Inline, Priority = -5)]
            public void Audit(OrderPlaced e, EventContext context) { }
        }
        """);

    [Fact]
    public void What_is_said_of_deliveries_is_registered() => GeneratorTest.Approve("""
        using System.Data.Common;
        using Carillon;

        internal sealed record OrderPlaced(int Number);
        internal abstract class OrderConnection : DbConnection;
        internal abstract class OrderTransaction : DbTransaction;

        internal static class OrderListeners
        {
            [OnEvent(Delivery.Durable, Queue = "mail", MaxAttempts = 5, TimeoutSeconds = 30, Ordered = true, SkipsFailed = true, RememberSeconds = 60)]
            public static void Mail(OrderPlaced e) { }

            [OnEvent(Delivery.Durable, MaxPerKey = 2)]
            [Unique]
            public static void Limited(OrderPlaced e) { }

            [OnEvent(Delivery.Durable), Unique(UniqueUntil.Started, Replaces = true, MaxWaitSeconds = 300)]
            public static void Last(OrderPlaced e) { }

            [OnEvent(Delivery.Durable), Unique(ForSeconds = 60)]
            public static void First(OrderPlaced e) { }

            [OnEvent(Delivery.Durable, Transactional = true)]
            public static void Exact(OrderPlaced e, DbTransaction transaction, OrderConnection connection, OrderTransaction? own, CancellationToken token) { }

            [OnEvent(Delivery.Durable)]
            public static void FromServices(OrderPlaced e, DbTransaction transaction, OrderConnection connection) { }
        }
        """);

    [Fact]
    public void Listeners_by_name_have_plans_where_the_name_is_written_down_and_nobody_asks_for_it() => GeneratorTest.Approve("""
        using Carillon;

        [Event("order.placed")]
        internal sealed record OrderPlaced(int Number);
        internal sealed record OrderForm(int Number);

        internal static class OrderListeners
        {
            [OnEvent("order.placed")]
            public static void ByOwnName(OrderPlaced e) { }

            [OnEvent("order.*", Priority = 1)]
            public static void ByPattern(OrderPlaced e) { }

            [OnEvent]
            public static void ByType(OrderPlaced e) { }

            [OnEvent("order.submitted")]
            public static void Submitted(OrderForm form) { }

            [OnEvent("order.#", Delivery.Inline)]
            public static async Task AnyForm(OrderForm form) => await Task.Yield();

            [OnEvent("order.cancelled")]
            public static void Cancelled(OrderForm form) { }

            [OnEvent("*.cancelled")]
            public static void CancelledByName(NamedEvent e) { }

            [OnEvent]
            public static void Everything(NamedEvent e) { }
        }
        """);

    [Fact]
    public void A_library_may_be_obsolete_and_document_all_that_is_public() => GeneratorTest.Approve(TestAssembly.Library(new SourceFile("Source.cs", """
        [assembly: CLSCompliant(true)]

        namespace Acme;

        /// <summary>An order was placed.</summary>
        [Obsolete]
        public sealed record OrderPlaced;

        /// <summary>Listens.</summary>
        [Obsolete("Use others.")]
        public sealed class OrderListeners
        {
            /// <summary>Audits.</summary>
            [Carillon.OnEvent, Obsolete]
            public void Audit(OrderPlaced e) { }
        }
        """)));

    [Fact]
    public void What_people_must_not_use_generated_code_calls_all_the_same() => GeneratorTest
        .Compile(TestAssembly.Program(new SourceFile("Source.cs", """
            using Carillon;

            [Obsolete("Read only.", error: true), InvalidatesCache("old"), Event("old.placed")] internal sealed record OldPlaced(string Number);
            internal sealed record Placed(string Number);
            internal sealed class State;

            internal static class Listeners
            {
                [OnEvent, Obsolete("For Carillon.", error: true)] internal static void On(Placed e) { }
                [OnEvent, Obsolete("For Carillon.", error: true)] internal static void Old(OldPlaced e) { }
            }

            [Obsolete("For Carillon.", error: true)]
            internal sealed class Stateless { [OnEvent] internal void On(Placed e) { } }

            [Obsolete("For Carillon.", error: true)]
            internal sealed class Shipping : Saga<State> { [StartedBy] [CorrelatedBy("Number")] internal void On(OldPlaced e) { } }
            """)))
        .GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();

    [Fact]
    public void Experimental_listeners_and_events_are_called_all_the_same() => GeneratorTest.Approve("""
        using System.Diagnostics.CodeAnalysis;

        [Experimental("EXP001")] internal sealed record OrderPlaced;
        [Experimental("EXP001")] internal static class Listeners { [Carillon.OnEvent] public static void On(OrderPlaced e) { } }
        """);

    [Fact]
    public void Many_listeners_are_divided_among_several_methods() => GeneratorTest.Approve(
        "using Carillon;\n" + string.Concat(Enumerable.Range(100, 70).Select(number => $$"""

            internal sealed record Event{{number}};
            internal sealed class Listeners{{number}} { [OnEvent] public void On(Event{{number}} e) { } }

            """)));

    [Fact]
    public void Methods_of_sagas_are_registered_with_the_property_that_finds_them() => GeneratorTest.Approve("""
        using System.Data.Common;
        using Carillon;
        using Carillon.Sagas;

        internal readonly record struct Number(int Value);
        internal sealed record OrderPlaced(Guid OrderId, string Sku);
        internal sealed record OrderPaid(Guid OrderId);
        internal sealed record ParcelSent(Number @Order);
        internal sealed class OrderState;
        internal sealed class LetterState;

        [Saga("order", Version = 2, Early = EarlyEvents.Ignore)]
        [CorrelatedBy(nameof(OrderPlaced.OrderId))]
        internal sealed class OrderProcess : Saga<OrderState>
        {
            [StartedBy(Id = "reserve", Queue = "stock", MaxAttempts = 3)]
            public Task Reserve(OrderPlaced e, DbTransaction transaction, CancellationToken token) => Task.CompletedTask;

            [Compensates(nameof(Reserve))]
            public void Release(Compensation compensation, EventContext context) { }

            [OnEvent(Delivery.Durable, TimeoutSeconds = 5)]
            public void Pay(OrderPaid e) { }

            [OnEvent]
            [CorrelatedBy("Order.Value")]
            public void Ship(ParcelSent e) { }
        }

        internal sealed class Plain : Saga<LetterState>
        {
            [StartedBy]
            [CorrelatedBy("Sku")]
            public void Begin(OrderPlaced e) { }
        }
        """);

    [Fact]
    public void Tags_of_cache_entries_are_registered_with_their_events() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record Customer(int Id, string Name);

        [Event("vote.cast")]
        [InvalidatesCache("poll:{PollId}")]
        [InvalidatesCache("polls")]
        internal sealed record VoteCast(Guid PollId);

        [InvalidatesCache("customer:{Customer.Id}/{Number}", Durable = true)]
        internal readonly record struct OrderPlaced(int Number, Customer Customer);

        [InvalidatesCache("customer:{Nobody}")]
        internal sealed record OrderLost(int Number);
        """);
}
