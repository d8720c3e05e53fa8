using System.Net;
using Polls.Tests.Site;

namespace Polls.Tests.Pages;

public sealed class PollTests(RunningSite site) : IClassFixture<RunningSite>
{
    [Fact]
    public async Task Votes_are_counted_and_shown_as_bars()
    {
        var poll = (await site.Visitor.CreatePollAsync("Tea or coffee?", 2, "Tea", "Coffee")).PollId;

        foreach (var position in new[] { 1, 2, 2 })
        {
            using var visitor = new Visitor { Site = site.Address };
            (await visitor.VoteAsync(poll, position)).Status.ShouldBe(HttpStatusCode.Redirect);
        }

        var page = (await site.Visitor.GetAsync($"/polls/{poll}")).Body;
        page.ShouldContain("3 votes");
        page.ShouldContain("""<rect width="33%" """.Trim());
        page.ShouldContain("""<rect width="67%" """.Trim());
        (await site.Visitor.GetAsync("/")).Body.ShouldContain("3 votes");
    }

    [Fact]
    public async Task A_visitor_votes_once()
    {
        var poll = (await site.Visitor.CreatePollAsync("Again?", 1, "Yes", "No")).PollId;
        using var visitor = new Visitor { Site = site.Address };

        await visitor.VoteAsync(poll, 1);
        await visitor.VoteAsync(poll, 1);

        var page = (await visitor.GetAsync($"/polls/{poll}")).Body;
        page.ShouldContain("1 vote<");
        page.ShouldContain("You have voted in this poll.");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("first")]
    public async Task A_vote_for_an_option_that_is_not_there_is_not_counted(string position)
    {
        var poll = (await site.Visitor.CreatePollAsync("Nowhere?", 1, "Yes", "No")).PollId;

        var refused = await site.Visitor.PostAsync($"/polls/{poll}", ("position", position));

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldContain("Choose one of the options.");
        refused.Body.ShouldContain("0 votes");
    }

    [Fact]
    public async Task A_poll_that_does_not_exist_is_not_found()
    {
        var answer = await site.Visitor.GetAsync("/polls/00000000-0000-0000-0000-000000000001");

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Body.ShouldContain("There is no such page or poll.");
    }

    [Fact] // D3, D4
    public async Task The_results_come_from_the_cache_until_somebody_votes()
    {
        var poll = (await site.Visitor.CreatePollAsync("Cached?", 1, "Yes", "No")).PollId;
        var path = $"/polls/{poll}/results";
        // Somebody else: who has created the poll is told so on the next page, and that one is nobody else's.
        using var visitor = new Visitor { Site = site.Address };
        (await visitor.GetAsync(path)).Body.ShouldContain("0 votes");
        // Beside the site, which cannot know: what comes now comes from the cache.
        Change(poll, votes: 7);
        (await visitor.GetAsync(path)).Body.ShouldContain("0 votes");

        await visitor.VoteAsync(poll, 1);

        (await visitor.GetAsync(path)).Body.ShouldContain("8 votes");
    }

    [Fact] // D4
    public async Task A_vote_in_one_poll_leaves_the_results_of_another_in_the_cache()
    {
        var voted = (await site.Visitor.CreatePollAsync("This?", 1, "Yes", "No")).PollId;
        var other = (await site.Visitor.CreatePollAsync("That?", 1, "Yes", "No")).PollId;
        using var visitor = new Visitor { Site = site.Address };
        await visitor.GetAsync($"/polls/{other}/results");
        Change(other, votes: 7);

        await visitor.VoteAsync(voted, 1);

        (await visitor.GetAsync($"/polls/{other}/results")).Body.ShouldContain("0 votes");
    }

    private void Change(Guid poll, int votes)
    {
        using var stored = new StoredPolls(site.DatabasePath);
        stored.Execute($"UPDATE poll_result SET votes = {votes} WHERE poll_id = '{poll.ToString().ToUpperInvariant()}' AND position = 1").ShouldBe(1);
    }
}
