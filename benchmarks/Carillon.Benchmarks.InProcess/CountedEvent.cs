using System.Runtime.InteropServices;

namespace Carillon.Benchmarks.InProcess;

/// <summary>An event that its listeners count on: they do something that cannot be left out, and as little as possible.</summary>
public abstract class CountedEvent
{
    private Padded _calls;

    /// <summary>Counts a call.</summary>
    public void Count() => _calls.Value++;

    // So wide that two events never share a cache line, and threads do not disturb each other.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Padded
    {
        internal int Value;
    }
}
