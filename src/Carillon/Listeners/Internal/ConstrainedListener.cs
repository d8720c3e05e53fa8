namespace Carillon.Listeners.Internal;

/// <summary>What the order of a listener is decided by. Compiled into the generator too.</summary>
internal sealed class ConstrainedListener(string id, IReadOnlyList<string> before, IReadOnlyList<string> after)
{
    internal string Id => id;

    internal IReadOnlyList<string> Before => before;

    internal IReadOnlyList<string> After => after;
}
