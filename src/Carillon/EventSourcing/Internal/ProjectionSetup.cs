using Carillon.Listeners;

namespace Carillon.EventSourcing.Internal;

/// <summary>A projection as the application has declared it.</summary>
/// <param name="Name">Its name, under which is kept how far it has come.</param>
/// <param name="Class">The class.</param>
/// <param name="Options">How it is run.</param>
internal sealed record ProjectionSetup(string Name, Type Class, ProjectionOptions Options)
{
    /// <summary>Its methods, in the order in which they were made known.</summary>
    internal IReadOnlyList<Listener> Listeners { get; set; } = [];
}
