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
        _own = Own(listeners);
    }

    internal bool AreOfContainer => _types.Exists(type => !_own.Contains(type));

    internal static HashSet<string> Own(IReadOnlyList<ListenerModel> listeners) =>
        [.. listeners.Where(listener => listener.IsOwn).Select(listener => listener.ClassName)];

    internal string Get(string type) => _own.Contains(type) ? Field(type) : $"{Field(type)}.Get(scope)";

    internal void WriteFields(SourceWriter writer)
    {
        foreach (var type in _types)
        {
            writer.Line(_own.Contains(type) ? $"private readonly {type} {Field(type)} = new {type}();" : $"private {Names.ListenerService}<{type}> {Field(type)};");
        }

        if (_types.Count > 0)
        {
            writer.Line();
        }
    }

    internal void WriteAssignments(SourceWriter writer)
    {
        foreach (var type in _types.Where(type => !_own.Contains(type)))
        {
            writer.Line($"{Field(type)} = new {Names.ListenerService}<{type}>(lifetimes);");
        }
    }

    private string Field(string type) => $"_service{_types.IndexOf(type)}";

    private static IEnumerable<string> Needed(ListenerModel listener) =>
        (listener.IsStatic ? [] : new[] { listener.ClassName }).Concat(listener.Arguments
            .Where(argument => argument is { Source: ArgumentSource.Service, Key: null })
            .Select(argument => argument.TypeName));
}
