using System.Collections.Immutable;
using Carillon.Generators;
using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Tests;

/// <summary>Runs all analyzers together on source that the compiler has nothing to say about, so that a test sees what any of them reports.</summary>
internal static class AnalyzerTest
{
    /// <summary>Every analyzer that the package brings.</summary>
    internal static ImmutableArray<DiagnosticAnalyzer> All { get; } =
    [
        .. typeof(RuleIds).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly Lazy<MetadataReference[]> Web = new(() => Find("Microsoft.AspNetCore.", "Carillon.AspNetCore.dll"));
    private static readonly Lazy<MetadataReference[]> Contexts = new(() => Find("Microsoft.EntityFrameworkCore.", "Carillon.EntityFrameworkCore.dll"));

    internal static Task<string[]> FindAsync(string source, string editorConfig = "", params string[] expectedWarnings) =>
        FindAsync(TestAssembly.Program(new SourceFile("/Source.cs", source)), editorConfig, expectedWarnings);

    internal static Task<string[]> FindAsync(params IReadOnlyList<SourceFile> sources) => FindAsync(TestAssembly.Program(sources));

    /// <summary>Each finding as "CARILLON001 at the code that it points to: message", in the order of the source.</summary>
    internal static async Task<string[]> FindAsync(CSharpCompilation compilation, string editorConfig = "", params string[] expectedWarnings)
    {
        var diagnostics = await DiagnosticsAsync(compilation, editorConfig, expectedWarnings);
        return [.. diagnostics.Select(diagnostic => $"{diagnostic.Id} at {Code(diagnostic.Location)}: {diagnostic.GetMessage(null)}")];
    }

    internal static async Task<Diagnostic[]> DiagnosticsAsync(CSharpCompilation compilation, string editorConfig = "", params string[] expectedWarnings)
    {
        compilation = AsInAnApplication(compilation);
        compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.Id)
            .Distinct()
            .ShouldBe(expectedWarnings, ignoreOrder: true);

        var config = new EditorConfig(editorConfig);
        var diagnostics = await compilation
            .WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(config.Severities))
            .WithAnalyzers(All, new AnalyzerOptions([], config))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. diagnostics
                .OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The compilation with what the source asks for: the packages of a web application, those of EF Core, and the code of the generator.</summary>
    internal static CSharpCompilation AsInAnApplication(CSharpCompilation compilation)
    {
        var sources = string.Concat(compilation.SyntaxTrees.Select(tree => tree.ToString()));
        if (sources.Contains("AspNetCore", StringComparison.Ordinal))
        {
            compilation = compilation.AddReferences(Web.Value);
        }

        if (sources.Contains("AddDbContext", StringComparison.Ordinal))
        {
            compilation = compilation.AddReferences(Contexts.Value);
        }

        return sources.Contains("AddListeners(", StringComparison.Ordinal) ? WithGeneratedCode(compilation) : compilation;
    }

    /// <summary>A library as an application references it: compiled, with the code of the generator.</summary>
    internal static MetadataReference Reference(string name, string source, params MetadataReference[] references)
    {
        var library = WithGeneratedCode(AsInAnApplication(TestAssembly.Library(new SourceFile("/Library.cs", source)).WithAssemblyName(name).AddReferences(references)));
        using var image = new MemoryStream();
        var emitted = library.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        emitted.Success.ShouldBeTrue(string.Join('\n', emitted.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    internal static CSharpCompilation WithGeneratedCode(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([new ListenerGenerator().AsSourceGenerator()], parseOptions: TestAssembly.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, TestContext.Current.CancellationToken);
        return (CSharpCompilation)output;
    }

    private static MetadataReference[] Find(string prefix, string carillon) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal) || Path.GetFileName(path) == carillon)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static string Code(Location location) => location.SourceTree?.GetText().ToString(location.SourceSpan) ?? "nowhere";
}
