namespace Carillon.Analyzers.Tests.Events;

public sealed class CacheTagAnalyzerTests
{
    [Theory]
    [InlineData("poll:{Id}", "'VoteCast' has no property 'Id' that can be read here")]
    [InlineData("poll:{pollid}", "'VoteCast' has no property 'pollid' that can be read here (it has 'PollId')")]
    [InlineData("poll:{PollId.Number}", "'string' has no property 'Number' that can be read here")]
    [InlineData("poll:{PollId", "it has a '{' without its '}'")]
    [InlineData("poll:PollId}", "it has a '}' without its '{'")]
    [InlineData("", "an empty tag is on no entry")]
    [InlineData("{PollId}{Option}", "nothing separates two of its properties, so that two pairs of values could make one tag: put a ':' between them")]
    [InlineData("{PollId}-{Option}", "nothing separates two of its properties, so that two pairs of values could make one tag: put a ':' between them")]
    public async Task CARILLON042_a_template_that_cannot_be(string template, string why) =>
        (await FindAsync(template)).ShouldHaveSingleItem().ShouldEndWith($"The event 'VoteCast' makes the cache entries '{template}' stale, but {why}.");

    [Fact]
    public async Task CARILLON042_a_property_that_is_no_value() =>
        (await AnalyzerTest.FindAsync("using Carillon;\n[InvalidatesCache(\"poll:{Key}\")]\ninternal sealed class VoteCast { public ReadOnlySpan<char> Key => \"7\"; }"))
            .ShouldHaveSingleItem().ShouldEndWith("stale, but 'Key' is of the type 'System.ReadOnlySpan<char>', which no text can be made of.");

    [Theory]
    [InlineData("poll:{PollId}")]
    [InlineData("polls")]
    [InlineData("poll:{PollId}:{Option}/{PollId.Length}")]
    public async Task Nothing_is_said_of_what_works(string template) => (await FindAsync(template)).ShouldBeEmpty();

    [Theory]
    [InlineData("internal abstract record VoteCast(string PollId);", "no event is of exactly this type")]
    [InlineData("internal sealed record VoteCast<T>(T PollId);", "it is generic")]
    public async Task CARILLON042_a_type_that_no_event_is_of(string type, string why) =>
        (await AnalyzerTest.FindAsync($"using Carillon;\n[InvalidatesCache(\"poll:{{PollId}}\")]\n{type}")).ShouldContain(finding => finding.StartsWith("CARILLON042") && finding.Contains(why));

    private static Task<string[]> FindAsync(string template) =>
        AnalyzerTest.FindAsync($"using Carillon;\n[InvalidatesCache(\"{template}\")]\ninternal sealed record VoteCast(string PollId, int Option);");
}
