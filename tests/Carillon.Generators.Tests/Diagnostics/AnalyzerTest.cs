using System.Collections.Immutable;
using Carillon.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Generators.Tests.Diagnostics;

/// <summary>Runs the analyzer on source that the compiler accepts.</summary>
internal static class AnalyzerTest
{
    internal static Task<string[]> FindAsync(string source) => FindAsync([new SourceFile("Source.cs", source)]);

    /// <summary>Each finding as "CARILLON001 at the code that it points to: message", in the order of the source.</summary>
    internal static async Task<string[]> FindAsync(params IReadOnlyList<SourceFile> sources)
    {
        var compilation = TestAssembly.Program(sources);
        compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();

        var diagnostics = await compilation
            .WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new ListenerSignatureAnalyzer()))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. diagnostics
                .OrderBy(diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(diagnostic => $"{diagnostic.Id} at {Code(diagnostic.Location)}: {diagnostic.GetMessage(null)}"),
        ];
    }

    private static string Code(Location location) => location.SourceTree!.GetText().ToString(location.SourceSpan);
}
