using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Carillon.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

// What the examples print is part of their test, and not of the report.
[assembly: CaptureConsole]

namespace Carillon.Docs.Tests;

/// <summary>What a reader copies from these pages does what the page says: each page is compiled with the tests of its own, which are in Recipes/, and they are run.</summary>
public sealed class RecipeTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Compiled = new();

    /// <summary>The pages that have tests of their own, with the names of those.</summary>
    public static TheoryData<string, string> Tests
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var page in Pages)
            {
                foreach (var test in NamesOf(page))
                {
                    data.Add(page, test);
                }
            }

            return data;
        }
    }

    /// <summary>By their paths in the repository.</summary>
    internal static string[] Pages { get; } =
    [
        .. typeof(RecipeTests).Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith("docs/", StringComparison.Ordinal) && name.EndsWith(".md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Tests), DisableDiscoveryEnumeration = true)]
    public async Task The_code_of_the_page_does_what_it_says(string page, string test)
    {
        var method = Compile(page).GetType("Tests")!.GetMethod(test)!;

        await (Task)method.Invoke(null, [TestContext.Current.CancellationToken])!;
    }

    [Fact]
    public void Every_recipe_has_tests() =>
        Directory.EnumerateFiles(Path.Combine(PageTests.Root, "docs", "recipes"), "*.md")
            .Where(static file => Path.GetFileName(file) != "README.md")
            .Select(static file => Path.GetRelativePath(PageTests.Root, file))
            .Except(Pages)
            .ShouldBeEmpty();

    // A page that does not compile is one test that fails, and leaves the others alone.
    private static string[] NamesOf(string page)
    {
        try
        {
            return [.. Compile(page).GetType("Tests")!.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(static test => test.Name)];
        }
        catch (ShouldAssertException)
        {
            return ["It compiles"];
        }
    }

    [Theory] // D6: what these pages show is what the analyzers would have everybody write.
    [MemberData(nameof(PageNames))]
    public async Task The_analyzers_have_nothing_to_say_about_the_page(string page)
    {
        var analyzers = Assembly.Load("Carillon.Analyzers").GetTypes().Where(static type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);

        var said = await Generate(page).WithAnalyzers([.. analyzers]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

        said.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == page).Select(static diagnostic => diagnostic.ToString()).ShouldBeEmpty();
    }

    public static TheoryData<string> PageNames => [.. Pages];

    private static Assembly Compile(string page) => Compiled.GetOrAdd(page, static each => new(() => Emit(each))).Value;

    private static Compilation Generate(string page)
    {
        var compilation = CSharpCompilation.Create(
            $"Docs.{Path.GetFileNameWithoutExtension(page)}",
            [
                Parse(RecipePage.ToProgram(File.ReadAllText(Path.Combine(PageTests.Root, page))), page),
                .. TestsOf(page).Select(static name => Parse(PageTests.Resource(name), $"{name}.cs")),
                Parse(PageTests.Resource("Given.cs"), "Given.cs"),
            ],
            PageTests.References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new ListenerGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, TestContext.Current.CancellationToken);
        return generated;
    }

    // What the page takes for granted may be in a file of its own, PAGE.md.given.cs beside PAGE.md.cs.
    private static IEnumerable<string> TestsOf(string page) => typeof(RecipeTests).Assembly.GetManifestResourceNames()
        .Where(name => name == page || name.StartsWith($"{page}.", StringComparison.Ordinal));

    private static Assembly Emit(string page)
    {
        using var stream = new MemoryStream();
        using var symbols = new MemoryStream();
        Generate(page).Emit(stream, symbols, cancellationToken: TestContext.Current.CancellationToken).Diagnostics
            .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(static diagnostic => diagnostic.ToString())
            .ShouldBeEmpty(page);
        return Assembly.Load(stream.ToArray(), symbols.ToArray());
    }

    private static CSharpParseOptions Options { get; } = new(LanguageVersion.Preview);

    private static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(code, Options, path, Encoding.UTF8, TestContext.Current.CancellationToken);
}
