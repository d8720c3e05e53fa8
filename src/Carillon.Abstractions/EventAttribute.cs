namespace Carillon;

/// <summary>Gives an event its name: what is written to a store or sent to another application, in place of the CLR type.</summary>
/// <remarks>
/// Without it an event is named after its type: <c>PollCreated</c> is <c>poll.created</c>. An explicit name keeps stored events
/// readable when the type is renamed or moved.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class EventAttribute : Attribute
{
    /// <summary>Names the event.</summary>
    /// <param name="name">The name, as <c>entity.action</c>: lower-case segments separated by dots.</param>
    public EventAttribute(string name) => Name = name;

    /// <summary>The name of the event.</summary>
    public string Name { get; }

    /// <summary>The version of the event's shape, counted from 1. Defaults to 1.</summary>
    public int Version { get; set; } = 1;
}
