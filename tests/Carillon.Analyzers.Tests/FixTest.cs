using System.Collections.Immutable;
using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Analyzers.Tests;

/// <summary>Applies a fix as an editor does.</summary>
internal static class FixTest
{
    /// <summary>The source after the fix of its first finding; what is left must compile, and the finding be gone.</summary>
    internal static async Task<string> ApplyAsync<TFix>(string source, params string[] expectedWarnings)
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var (document, actions) = await OfferAsync<TFix>(workspace, source, expectedWarnings);

        var operations = await actions.ShouldHaveSingleItem().GetOperationsAsync(TestContext.Current.CancellationToken);
        var changed = operations.OfType<ApplyChangesOperation>().ShouldHaveSingleItem().ChangedSolution;
        var text = (await changed.GetDocument(document.Id)!.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
        (await AnalyzerTest.FindAsync(text)).ShouldBeEmpty(text);
        return text;
    }

    internal static async Task<int> OffersAsync<TFix>(string source, params string[] expectedWarnings)
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        return (await OfferAsync<TFix>(workspace, source, expectedWarnings)).Actions.Count;
    }

    private static async Task<(Document Document, IReadOnlyList<CodeAction> Actions)> OfferAsync<TFix>(AdhocWorkspace workspace, string source, string[] expectedWarnings)
        where TFix : CodeFixProvider, new()
    {
        var fix = new TFix();
        var project = Open(workspace, source);
        var document = project.Documents.Single(each => each.Name == "/Source.cs");
        var compilation = (CSharpCompilation)(await project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        var found = (await AnalyzerTest.DiagnosticsAsync(compilation, "", expectedWarnings)).First(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id));

        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, found, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        return (document, actions);
    }

    private static Project Open(AdhocWorkspace workspace, string source)
    {
        var compilation = TestAssembly.Program(new SourceFile("/Source.cs", source));
        var project = workspace
            .AddProject("Acme.Orders", LanguageNames.CSharp)
            .WithMetadataReferences(compilation.References)
            .WithCompilationOptions(compilation.Options)
            .WithParseOptions(TestAssembly.ParseOptions);
        foreach (var tree in compilation.SyntaxTrees)
        {
            project = project.AddDocument(tree.FilePath, tree.GetText(), filePath: tree.FilePath).Project;
        }

        return project;
    }
}
