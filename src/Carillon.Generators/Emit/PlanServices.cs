using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>The services of a plan, a field for each: listener classes and parameters.</summary>
internal sealed class PlanServices
{
    private readonly List<string> _types;

    internal PlanServices(IReadOnlyList<ListenerModel> listeners) => _types = listeners.SelectMany(Needed).Distinct().ToList();

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
            writer.Line($"{Field(type)} = new {Names.ListenerService}<{type}>(lifetimes);");
        }
    }

    private static IEnumerable<string> Needed(ListenerModel listener) =>
        (listener.IsStatic ? [] : new[] { listener.ClassName }).Concat(listener.Arguments
            .Where(argument => argument is { Source: ArgumentSource.Service, Key: null })
            .Select(argument => argument.TypeName));
}
