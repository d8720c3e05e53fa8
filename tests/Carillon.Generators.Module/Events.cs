namespace Acme.Module;

/// <summary>A parcel was sent.</summary>
/// <param name="Number">Its number.</param>
[Carillon.Event("parcel.sent", Version = 2)]
public sealed record ParcelSent(int Number);

/// <summary>A parcel was moved.</summary>
/// <param name="Row">Where it lies now.</param>
public readonly record struct ParcelMoved(int Row);

/// <summary>Something of a parcel was changed.</summary>
/// <typeparam name="T">The type of what it is now.</typeparam>
/// <param name="Item">What it is now.</param>
public sealed record ParcelChanged<T>(T Item);

internal sealed record ParcelOpened(int Number) : Carillon.IStoppableEvent
{
    public bool IsPropagationStopped => Number < 0;
}
