namespace Carillon;

/// <summary>An event that says by what it is unique, for listeners with <see cref="UniqueAttribute"/>.</summary>
/// <remarks>Without it two events are equal if they have one name and one content.</remarks>
public interface IUniqueEvent
{
    /// <summary>The key: two events with the same one are equal to each listener that takes unique ones.</summary>
    string UniqueKey { get; }
}
