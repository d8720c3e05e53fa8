namespace Carillon.Generators.Tests.Behaviour;

internal interface IOrderEvent;

internal abstract record OrderEvent : IOrderEvent;

internal sealed record OrderPlaced : OrderEvent;

internal sealed record OrderPaid : OrderEvent;

internal sealed record OrderSent;

internal readonly record struct OrderMoved(int Row);

internal sealed class OrderQuestion(int limit) : IStoppableEvent
{
    internal int Answers { get; set; }

    public bool IsPropagationStopped => Answers >= limit;
}

internal sealed record OrderFailed(bool Later);

internal interface ISaved<out T>;

internal sealed record Saved<T> : ISaved<T>;
