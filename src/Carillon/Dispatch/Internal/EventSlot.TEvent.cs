namespace Carillon.Dispatch.Internal;

/// <summary>The number of one type of event, the same for every dispatcher of the process.</summary>
internal static class EventSlot<TEvent>
{
    internal static readonly int Index = EventSlot.Next();
}
