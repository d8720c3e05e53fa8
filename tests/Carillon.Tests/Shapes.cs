namespace Carillon.Tests;

internal interface IHasArea
{
    int Area { get; }
}

internal abstract class ShapeDrawn
{
    public List<string> Seen { get; } = [];
}

internal sealed class SquareDrawn : ShapeDrawn, IHasArea
{
    public int Area => 4;
}

internal sealed class CircleDrawn : ShapeDrawn;

internal interface ICreated<out T>;

internal sealed class Created<T> : ICreated<T>;

internal sealed class StoppableDrawn : IStoppableEvent
{
    public List<string> Seen { get; } = [];

    public bool IsPropagationStopped { get; set; }
}

[Event("number.counted")]
internal sealed record NumberCounted(int Number);
