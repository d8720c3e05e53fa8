using System.Text.RegularExpressions;
using Carillon.Architecture.Tests.Approval;

namespace Carillon.Architecture.Tests.Diagnostics;

/// <summary>What the compiler reports in the name of Carillon: people write these ids into their own projects.</summary>
public sealed partial class DiagnosticIdTests
{
    private static IReadOnlyList<Match> Released =>
    [
        .. Repository.Files("src", "AnalyzerReleases.*.md")
            .SelectMany(file => ReleasedRule().Matches(Repository.Text(file)))
            .OrderBy(rule => rule.Groups["id"].Value, StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_diagnostic_has_a_page_and_every_page_a_diagnostic()
    {
        var pages = Repository.Files("docs/diagnostics", "CARILLON*.md").Select(Path.GetFileNameWithoutExtension);

        pages.ShouldBe(Released.Select(rule => rule.Groups["id"].Value), ignoreOrder: true);
    }

    [Fact]
    public void The_diagnostics_are_the_approved_ones() =>
        ApprovedText.ShouldBeApproved("Diagnostics", string.Concat(Released.Select(rule => $"{rule.Groups["id"]}  {rule.Groups["severity"]}  {rule.Groups["title"]}\n")));

    [GeneratedRegex(@"^(?<id>CARILLON\d+) \| \w+ \| (?<severity>\w+) \| (?<title>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex ReleasedRule();
}
