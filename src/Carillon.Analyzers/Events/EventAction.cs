namespace Carillon.Analyzers.Events;

/// <summary>The parts of an event's name.</summary>
internal static class EventAction
{
    /// <summary>The last word of the name: "placed" of "order.placed" and of "order.just-placed".</summary>
    internal static string Of(string name) => name.Substring(name.LastIndexOfAny(['.', '-', '_']) + 1).ToLowerInvariant();

    /// <summary>Why the name is not of the form entity.action; null if it is.</summary>
    internal static string? FormFault(string name) =>
        name.IndexOf('.') < 0 ? "it has one segment only"
        : name.Any(char.IsUpper) ? "it has upper-case letters"
        : null;
}
