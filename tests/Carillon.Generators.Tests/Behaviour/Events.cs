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

internal interface IBell;

internal interface IBigBell : IBell;

/// <summary>An <see cref="IBell"/> by two paths.</summary>
internal record BellRung(string Tone) : IBell, IBigBell
{
    internal int Count { get; set; }
}

internal sealed record GreatBellRung(string Tone) : BellRung(Tone);

internal sealed record Created<T>(T Item);

internal sealed record DoorOpened;

internal sealed record WindowOpened;

internal sealed record AlarmRaised(bool Again);

[Event("house.checked", Errors = EventErrors.Isolate)]
internal sealed record HouseChecked;

internal sealed record LampLit;

internal sealed record GuestArrived;

internal sealed record GuestLeft(TaskCompletionSource Until, Action<string> Tell);

internal sealed record MealOrdered(int Dish);
