namespace Carillon.Dispatch.Internal;

/// <summary>Those that have been awaited and wait to be used again, one for each type of event and thread.</summary>
internal abstract class RunningDispatch
{
    // By the number of the type. Not a field of the generic class: one that belongs to a thread and to a type is dear to find.
    [ThreadStatic]
    private static Spare[]? _spares;

    private protected static RunningDispatch? TakeSpare(int slot)
    {
        var spares = _spares;
        if (spares is null || (uint)slot >= (uint)spares.Length)
        {
            return null;
        }

        var spare = spares[slot].Dispatch;
        spares[slot].Dispatch = null;
        return spare;
    }

    private protected static void GiveBack(RunningDispatch spare, int slot)
    {
        var spares = _spares;
        if (spares is null || (uint)slot >= (uint)spares.Length)
        {
            Array.Resize(ref spares, Math.Max(slot + 1, 2 * (spares?.Length ?? 0)));
            _spares = spares;
        }

        spares[slot].Dispatch = spare;
    }

    // An array of references would ask at each write whether the object may be in it.
    private struct Spare
    {
        internal RunningDispatch? Dispatch;
    }
}
