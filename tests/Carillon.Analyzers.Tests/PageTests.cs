using System.Text.RegularExpressions;
using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Tests;

/// <summary>The pages of the rules are true: what they show as wrong is found, what they show as right is not.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Ids => [.. Rules.Select(rule => rule.Id)];

    private static IEnumerable<DiagnosticDescriptor> Rules =>
        AnalyzerTest.All.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_that_shows_wrong_and_right_code(string id)
    {
        var rule = Rules.Single(each => each.Id == id);
        var page = File.ReadAllText(Path.Combine(Repository.Root, rule.HelpLinkUri));

        page.ShouldStartWith($"# {rule.Id}: {rule.Title}\n");
        page.ShouldContain("## Wrong");
        page.ShouldContain("## Right");
        if (rule.DefaultSeverity == DiagnosticSeverity.Warning)
        {
            page.ShouldContain("## When to suppress");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_a_page_shows_is_what_the_analyzers_say(string id)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "diagnostics", id + ".md"), TestContext.Current.CancellationToken);
        var samples = CodeBlock().Matches(page).Select(block => $"using Carillon;\n{block.Groups[1].Value}").ToArray();

        var wrong = await AnalyzerTest.FindAsync(samples[0]);
        wrong.ShouldNotBeEmpty();
        wrong.ShouldAllBe(finding => finding.StartsWith(id));
        (await AnalyzerTest.FindAsync(samples[1])).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_of_circles_shows_the_way_that_its_example_gives()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "diagnostics", "CARILLON016.md"), TestContext.Current.CancellationToken);
        var found = (await AnalyzerTest.FindAsync($"using Carillon;\n{CodeBlock().Match(page).Groups[1].Value}")).ShouldHaveSingleItem();

        var way = Way().Match(found).Groups[1].Value;
        page.ReplaceLineEndings(" ").ShouldContain($"`{way}`");
    }

    [Fact]
    public async Task A_project_that_does_not_use_Carillon_hears_nothing()
    {
        var compilation = TestAssembly.WithoutCarillon(new SourceFile("Source.cs", "internal sealed class DoIt { public int Id { get; set; } public List<DoIt> All { get; } = []; }"));

        (await AnalyzerTest.FindAsync(compilation)).ShouldBeEmpty();
    }

    // An editor runs analyzers on what is being typed.
    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Code_that_is_only_half_written_breaks_no_analyzer(string id)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "diagnostics", id + ".md"), TestContext.Current.CancellationToken);
        var sample = $"using Carillon;\n{CodeBlock().Match(page).Groups[1].Value}";
        for (var length = 7; length < sample.Length; length += 37)
        {
            var compilation = AnalyzerTest.AsInAnApplication(TestAssembly.Program(new SourceFile("/Source.cs", sample[..length])));
            var diagnostics = await compilation.WithAnalyzers(AnalyzerTest.All).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

            diagnostics.ShouldAllBe(diagnostic => diagnostic.Id.StartsWith("CARILLON"), sample[..length]);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"in a circle: (.*?)\. Break")]
    private static partial Regex Way();
}
