using System.Reflection;

namespace Carillon.Architecture.Tests;

/// <summary>The packages that an application references. The generator is not one: it travels inside Carillon.</summary>
internal static class Packages
{
    internal static readonly string[] Names = ["Carillon.Abstractions", "Carillon", "Carillon.AspNetCore", "Carillon.Sqlite", "Carillon.Testing"];

    internal static IEnumerable<Assembly> Assemblies => Names.Select(Load);

    internal static Assembly Load(string package) => Assembly.Load(package);

    internal static TheoryData<string> AsTheory() => [.. Names];
}
