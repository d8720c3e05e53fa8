namespace Carillon.Dispatch.Internal;

/// <summary>Gives every type of event a number, so that its plan is found in an array instead of a dictionary.</summary>
internal static class EventSlot
{
    private static int _last = -1;

    internal static int Next() => Interlocked.Increment(ref _last);
}
