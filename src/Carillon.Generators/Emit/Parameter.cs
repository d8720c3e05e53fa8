namespace Carillon.Generators.Emit;

/// <summary>A parameter of a generated method.</summary>
internal sealed record Parameter(string Modifier, string Type, string Name)
{
    internal static string Declarations(IEnumerable<Parameter> parameters) =>
        string.Join(", ", parameters.Select(parameter => $"{parameter.Modifier} {parameter.Type} {parameter.Name}".TrimStart()));

    internal static string Arguments(IEnumerable<Parameter> parameters) =>
        string.Join(", ", parameters.Select(parameter => $"{parameter.Modifier} {parameter.Name}".TrimStart()));
}
