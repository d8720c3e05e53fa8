using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The services of a plan, a field for each: listener classes and parameters.</summary>
internal sealed class PlanServices
{
    private readonly List<string> _types;
    private readonly HashSet<string> _own;

    internal PlanServices(IReadOnlyList<ListenerModel> listeners)
    {
        _types = listeners.SelectMany(Needed).Distinct().ToList();
        _own = [.. listeners.Where(listener => listener.IsOwn).Select(listener => listener.ClassName)];
    }

    internal string Field(string type) => $"_service{_types.IndexOf(type)}";

    internal void WriteFields(SourceWriter writer)
    {
        foreach (var type in _types)
        {
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
            var own = _own.Contains(type) ? $", new {type}()" : string.Empty;
            writer.Line($"{Field(type)} = new {Names.ListenerService}<{type}>(lifetimes{own});");
        }
    }

    private static IEnumerable<string> Needed(ListenerModel listener) =>
        (listener.IsStatic ? [] : new[] { listener.ClassName }).Concat(listener.Arguments
            .Where(argument => argument is { Source: ArgumentSource.Service, Key: null })
            .Select(argument => argument.TypeName));
}
