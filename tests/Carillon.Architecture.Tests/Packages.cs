using System.Reflection;

namespace Carillon.Architecture.Tests;

/// <summary>The packages that an application references. What the compiler and editors load is not among them: it travels inside Carillon.</summary>
internal static class Packages
{
    internal static readonly string[] Names =
    [
        "Carillon.Abstractions",
        "Carillon",
        "Carillon.AspNetCore",
        "Carillon.Conformance",
        "Carillon.EntityFrameworkCore",
        "Carillon.Postgres",
        "Carillon.Quartz",
        "Carillon.RabbitMq",
        "Carillon.Redis",
        "Carillon.Sqlite",
        "Carillon.Testing",
    ];

    internal static readonly string[] InsideCarillon = ["Carillon.Generators", "Carillon.Analyzers", "Carillon.CodeFixes"];

    internal static IEnumerable<Assembly> Assemblies => Names.Select(Load);

    internal static Assembly Load(string package) => Assembly.Load(package);

    internal static TheoryData<string> AsTheory() => [.. Names];
}
