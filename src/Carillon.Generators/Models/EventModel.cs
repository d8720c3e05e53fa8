namespace Carillon.Generators.Models;

/// <summary>One concrete type of event.</summary>
/// <param name="TypeName">The type.</param>
/// <param name="ReflectionName">Its full name, as reflection gives it; null for a generic type.</param>
/// <param name="AssemblyName">Its assembly, empty if it is the one that is compiled.</param>
/// <param name="Name">The name of the event, <c>order.placed</c>.</param>
/// <param name="Version">The version of its shape.</param>
/// <param name="IsolatesErrors">Whether a listener that fails leaves the others alone.</param>
/// <param name="FormerNames">Names that the event had before.</param>
/// <param name="Leaves">Whether it leaves the application.</param>
/// <param name="NeedsSubscriber">Whether somebody has to take it then.</param>
/// <param name="StopCheck">How to ask an event of this type whether it is stopped.</param>
/// <param name="TypeKeys">The keys of every type that such an event can be assigned to.</param>
internal sealed record EventModel(
    string TypeName, string? ReflectionName, string AssemblyName, string Name, int Version, bool IsolatesErrors, EquatableArray<string> FormerNames, bool Leaves, bool NeedsSubscriber, StopCheck StopCheck,
    EquatableArray<string> TypeKeys)
{
    /// <summary>The tags of cache entries that it makes stale.</summary>
    public EquatableArray<CacheTagModel> CacheTags { get; init; }

    /// <summary>It says more than a name and a version.</summary>
    internal bool SaysMore => IsolatesErrors || FormerNames.Count > 0 || Leaves || NeedsSubscriber;
}
