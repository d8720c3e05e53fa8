using System.Reflection;
using Carillon.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Docs.Tests;

/// <summary>What a reader copies from a page compiles, with the listeners that the generator finds in it.</summary>
public sealed class PageTests
{
    internal static readonly string Root =
        typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    // A program in a page declares what the surrounding method hands in to other pages.
    private static readonly string[] OwnNames = ["builder", "args"];

    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
            .Append(Path.Combine(Root, "README.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "src"), "README.md", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file).Contains("```csharp", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Root, file))
            .Except(RecipeTests.Pages)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_example_compiles(string page)
    {
        var program = Page.ToProgram(File.ReadAllText(Path.Combine(Root, page)));
        foreach (var name in OwnNames.Where(name => program.Contains($"var {name} =", StringComparison.Ordinal)))
        {
            program = program.Replace($" {name},", $" {name}OfTheTest,", StringComparison.Ordinal);
        }

        var compilation = CSharpCompilation.Create(
            "Docs",
            [Parse(program, page), Parse(Resource("Prelude.cs"), "Prelude.cs")],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(new ListenerGenerator())
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, TestContext.Current.CancellationToken);

        generated.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString())
            .ShouldBeEmpty(program);
    }

    [Fact]
    public void Every_link_to_a_file_leads_somewhere()
    {
        var broken =
            from page in Directory.EnumerateFiles(Root, "*.md", SearchOption.TopDirectoryOnly).Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            from System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(page), @"\]\((?!http)(?<target>[^)#]+)")
            let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{Path.GetRelativePath(Root, page)}: {link.Groups["target"].Value}";

        broken.ShouldBeEmpty();
    }

    private static SyntaxTree Parse(string code, string path) =>
        CSharpSyntaxTree.ParseText(code, path: path, cancellationToken: TestContext.Current.CancellationToken);

    internal static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PageTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    internal static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
}
