namespace Carillon.Generators.Tests;

/// <summary>One method for each reason for which a listener can never be called.</summary>
internal static class InvalidListeners
{
    internal const string Source = """
        using Carillon;

        namespace Acme;

        internal sealed record OrderPlaced(int Number);
        internal ref struct OnTheStack;

        internal class Listeners
        {
            [OnEvent] private void Private(OrderPlaced e) { }
            [OnEvent] protected void Protected(OrderPlaced e) { }
            [OnEvent] public void NoParameters() { }
            [OnEvent] public void TokenFirst(CancellationToken cancellationToken) { }
            [OnEvent] public void ContextFirst(EventContext context, OrderPlaced e) { }
            [OnEvent] public void Generic<T>(T e) where T : notnull { }
            [OnEvent] public async void AsyncVoid(OrderPlaced e) => await Task.Yield();
            [OnEvent] public void Ref(ref OrderPlaced e) { }
            [OnEvent] public void Out(OrderPlaced e, out int result) => result = 0;
            [OnEvent] public void RefReadonly(ref readonly OrderPlaced e) { }
            [OnEvent] public void SpanService(OrderPlaced e, Span<int> numbers) { }
            [OnEvent] public void RefStructEvent(OnTheStack e) { }
            [OnEvent] public void NullableEvent(int? e) { }
            [OnEvent(Id = "")] public void EmptyId(OrderPlaced e) { }

            public void Around()
            {
                [OnEvent] void Local(OrderPlaced e) { }
                Local(new OrderPlaced(1));
                var lambda = [OnEvent] (OrderPlaced e) => { };
                lambda(new OrderPlaced(1));
            }

            private sealed class Hidden
            {
                [OnEvent] public void InPrivateClass(OrderPlaced e) { }
            }
        }

        internal sealed class BadPattern
        {
            [OnEvent("order.p*")] public void OnPattern(OrderPlaced e) { }
        }

        internal sealed class Generic<T>
        {
            [OnEvent] public void InGenericClass(OrderPlaced e) { }
        }

        internal abstract class Abstract
        {
            [OnEvent] public void InAbstractClass(OrderPlaced e) { }
        }

        internal interface IListen
        {
            [OnEvent] void InInterface(OrderPlaced e);
        }

        internal struct Struct
        {
            [OnEvent] public void InStruct(OrderPlaced e) { }
        }

        file sealed class FileLocal
        {
            [OnEvent] public void InFileLocalClass(OrderPlaced e) { }
        }
        """;
}
