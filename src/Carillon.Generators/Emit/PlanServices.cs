using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The fields of a plan: a service of the container for each listener class and parameter, an instance for each class that needs no container.</summary>
internal sealed class PlanServices
{
    private readonly List<string> _types;
    private readonly HashSet<string> _own;

    internal PlanServices(IReadOnlyList<ListenerModel> listeners)
    {
        _types = listeners.SelectMany(Needed).Distinct().ToList();
        _own = [.. listeners.Where(listener => listener.IsOwn).Select(listener => listener.ClassName)];
    }

    internal bool IsEmpty => _types.Count == 0;

    // A class of which the plan has an instance of its own may have been registered by the application: then that one counts.
    internal string Get(string type) => _own.Contains(type) ? $"({Own(type)} ?? {Field(type)}.Get(scope))" : $"{Field(type)}.Get(scope)";

    internal void WriteFields(SourceWriter writer)
    {
        foreach (var type in _types)
        {
            if (_own.Contains(type))
            {
                writer.Line($"private readonly {type}? {Own(type)};");
            }

            writer.Line($"private {Names.ListenerService}<{type}> {Field(type)};");
        }

        if (_types.Count > 0)
        {
            writer.Line();
        }
    }

    internal void WriteAssignments(SourceWriter writer)
    {
        foreach (var type in _types)
        {
            if (!_own.Contains(type))
            {
                writer.Line($"{Field(type)} = new {Names.ListenerService}<{type}>(lifetimes);");
                continue;
            }

            writer.Open($"if (lifetimes.IsRegistered(typeof({type})))");
            writer.Line($"{Field(type)} = new {Names.ListenerService}<{type}>(lifetimes);");
            writer.Close();
            writer.Open("else");
            writer.Line($"{Own(type)} = new {type}();");
            writer.Close();
        }
    }

    private string Own(string type) => $"_own{_types.IndexOf(type)}";

    private string Field(string type) => $"_service{_types.IndexOf(type)}";

    private static IEnumerable<string> Needed(ListenerModel listener) =>
        (listener.IsStatic ? [] : new[] { listener.ClassName }).Concat(listener.Arguments
            .Where(argument => argument is { Source: ArgumentSource.Service, Key: null })
            .Select(argument => argument.TypeName));
}
