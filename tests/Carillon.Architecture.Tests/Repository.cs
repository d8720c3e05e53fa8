using System.Reflection;

namespace Carillon.Architecture.Tests;

/// <summary>The working copy that this test project was built from.</summary>
internal static class Repository
{
    private static readonly string[] OwnFolders = ["src", "tests", "samples", "benchmarks"];

    internal static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>Debug or Release: what is read from artifacts/ has to be what was built beside this project.</summary>
    internal static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Paths below the root, with slashes.</summary>
    internal static IReadOnlyList<string> Files(string pattern) =>
        [.. OwnFolders.SelectMany(folder => Files(folder, pattern))];

    internal static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        return !Directory.Exists(path)
            ? []
            : [.. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories).Select(Relative).Where(IsWritten).Order(StringComparer.Ordinal)];
    }

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    internal static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    // Written by a person: neither built nor left behind by an editor.
    private static bool IsWritten(string file) => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
