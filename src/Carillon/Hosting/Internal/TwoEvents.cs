namespace Carillon.Hosting.Internal;

/// <summary>What is said of two events with one name.</summary>
internal static class TwoEvents
{
    /// <summary>A type by its name and its assembly, of which two may have types of one name.</summary>
    internal static (string Type, string? Assembly) Named(Type type) => (type.ToString(), type.Assembly.GetName().Name);

    internal static string Say(string name, (string Type, string? Assembly) one, (string Type, string? Assembly) other) =>
        one.Type == other.Type
            ? Say(name, $"'{one.Type}' in {one.Assembly}", $"'{other.Type}' in {other.Assembly}")
            : Say(name, $"'{one.Type}'", $"'{other.Type}'");

    private static string Say(string name, string one, string other) =>
        $"Two events have the name '{name}': {one} and {other}. Give each a name of its own with [Event(\"entity.action\")]; one without the attribute is called after its type.";
}
