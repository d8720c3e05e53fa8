namespace Carillon.Dispatch.Internal;

/// <summary>What a call needs to know of its type of event, the same for every dispatcher of the process. The compiler takes both for constants.</summary>
internal static class EventSlot<TEvent>
{
    /// <summary>The number of the type.</summary>
    internal static readonly int Index = EventSlot.Next();

    /// <summary>Whether an event that is passed as this type cannot be of another one at run time, so that nobody has to look.</summary>
    internal static readonly bool IsExact = EventSlot.IsExact(typeof(TEvent));
}
