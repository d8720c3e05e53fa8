using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Sources;

public sealed class NamespaceTests
{
    // Files that belong elsewhere, with the reason.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        // Extension methods of the builder are found without a using: they are in its namespace.
        ["src/Carillon.AspNetCore/RequestEventsApplicationBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.AspNetCore/CarillonHealthExtensions.cs"] = "Carillon",
        ["src/Carillon.AspNetCore/OutputCacheCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.EntityFrameworkCore/EntityFrameworkCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.Postgres/PostgresCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.RabbitMq/RabbitMqCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.Quartz/QuartzCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.Redis/RedisCarillonBuilderExtensions.cs"] = "Carillon",
        ["src/Carillon.Sqlite/SqliteCarillonBuilderExtensions.cs"] = "Carillon",
        // What the compiler looks for by its full name and netstandard2.0 lacks.
        ["src/Carillon.Generators/LanguageSupport.cs"] = "System.Runtime.CompilerServices",
    };

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var elsewhere = from file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"))
                        let match = Regex.Match(Repository.Text(file), @"^namespace ([\w.]+);?\s*$", RegexOptions.Multiline)
                        where match.Success
                        let expected = Elsewhere.GetValueOrDefault(file) ?? Expected(file)
                        where match.Groups[1].Value != expected
                        select $"{file} is in {match.Groups[1].Value}, and should be in {expected}";

        elsewhere.ShouldBeEmpty();
    }

    private static string Expected(string file)
    {
        var parts = file.Split('/');
        return string.Join('.', parts[2..^1].Prepend(RootNamespace($"{parts[0]}/{parts[1]}/{parts[1]}.csproj")));
    }

    private static string RootNamespace(string project) =>
        XDocument.Parse(Repository.Text(project)).Descendants("RootNamespace").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
}
