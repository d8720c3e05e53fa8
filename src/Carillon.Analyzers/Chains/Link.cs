using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Chains;

/// <summary>A listener takes an event and dispatches another one.</summary>
internal sealed class Link(string listener, ITypeSymbol taken, ITypeSymbol dispatched, Location location)
{
    internal string Listener { get; } = listener;

    internal ITypeSymbol Taken { get; } = taken;

    internal ITypeSymbol Dispatched { get; } = dispatched;

    /// <summary>Where it dispatches.</summary>
    internal Location Location { get; } = location;
}
