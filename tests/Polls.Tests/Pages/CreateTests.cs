using System.Net;
using Polls.Tests.Site;

namespace Polls.Tests.Pages;

public sealed class CreateTests(RunningSite site) : IClassFixture<RunningSite>
{
    private readonly Visitor _visitor = site.Visitor;

    [Fact]
    public async Task A_created_poll_has_a_page_is_on_the_home_page_and_in_the_sitemap()
    {
        var created = await _visitor.CreatePollAsync("Tabs or spaces?", 4, "Tabs", "Spaces", "Both");

        created.Status.ShouldBe(HttpStatusCode.Redirect);
        (await _visitor.GetAsync(created.Location!)).Body.ShouldContain("Tabs or spaces?");
        (await _visitor.GetAsync("/")).Body.ShouldContain("Tabs or spaces?");
        await Until.TrueAsync(
            async () => (await _visitor.GetAsync("/sitemap.xml")).Body.Contains($"<loc>{new Uri(site.Address, $"/polls/{created.PollId}")}</loc>", StringComparison.Ordinal),
            "the poll is in the sitemap");
    }

    [Fact]
    public async Task Bad_words_are_masked_in_the_question_and_in_the_options()
    {
        var created = await _visitor.CreatePollAsync("Which damn editor?", 4, "The bloody first", "Scrapple");

        var page = (await _visitor.GetAsync(created.Location!)).Body;
        page.ShouldContain("Which **** editor?");
        page.ShouldContain("The ****** first");
        page.ShouldContain("Scrapple");
    }

    [Fact]
    public async Task What_people_type_is_shown_encoded()
    {
        var created = await _visitor.CreatePollAsync("<script>alert(1)</script>", 1, "<b>yes</b>", "\"no\"");

        foreach (var path in new[] { created.Location!, "/", "/events" })
        {
            var page = (await _visitor.GetAsync(path)).Body;
            page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
            page.ShouldNotContain("<script>alert");
            page.ShouldNotContain("<b>yes</b>");
        }
    }

    [Theory]
    [InlineData("  ", "1", new[] { "a", "b" }, "question-error", "Ask a question.")]
    [InlineData("What?", "", new[] { "a", "b" }, "topic-error", "Choose a topic.")]
    [InlineData("What?", "music", new[] { "a", "b" }, "topic-error", "The value &#x27;music&#x27; is not valid")]
    [InlineData("What?", "1", new[] { "a", " " }, "options-error", "Give 2 to 6 options")]
    [InlineData("What?", "1", new[] { "1", "2", "3", "4", "5", "6", "7" }, "options-error", "Give 2 to 6 options")]
    [InlineData("What?", "1", new[] { "a", "b", "A " }, "option-error-2", "This option is there already.")]
    public async Task A_mistake_is_explained_beside_its_field_and_nothing_is_saved(
        string question, string topic, string[] options, string place, string message)
    {
        var unique = $"{question}{place}{options.Length}{topic}";
        var typed = string.IsNullOrWhiteSpace(question) ? question : unique;

        var refused = await _visitor.PostAsync(
            "/create",
            [("Form.Question", typed), ("Form.TopicId", topic), .. options.Select((text, index) => ($"Form.Options[{index}]", text))]);

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldMatch($"""id="{place}"[^>]*>(<[^>]+>)?{message}""");
        (await _visitor.GetAsync("/")).Body.ShouldNotContain(unique);
    }

    [Fact]
    public async Task Overlong_texts_are_refused()
    {
        var refused = await _visitor.CreatePollAsync(new string('q', 201), 1, new string('o', 101), "b");

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldContain("The question has 201 characters. Shorten it to 200.");
        refused.Body.ShouldContain("This option has 101 characters. Shorten it to 100.");
    }

    [Fact]
    public async Task A_commit_that_fails_after_the_dispatch_leaves_neither_a_poll_nor_a_delivery_nor_an_audit()
    {
        await Until.TrueAsync(async () => (await _visitor.DeliveriesAsync()).NothingIsOpen, "earlier deliveries are settled");
        var deliveriesBefore = (await _visitor.DeliveriesAsync()).Counts["all"];

        var refused = await _visitor.CreatePollAsync("A poll about nothing?", 999, "a", "b");

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldContain("The topic 999 does not exist (any more). Nothing was saved.");
        refused.Body.ShouldContain("""value="A poll about nothing?" """.Trim());
        (await _visitor.GetAsync("/")).Body.ShouldNotContain("A poll about nothing?");
        (await _visitor.DeliveriesAsync()).Counts["all"].ShouldBe(deliveriesBefore);
        using var stored = new StoredPolls(site.DatabasePath);
        stored.AuditedWithoutPoll().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("Form.Question", "Forged?")]);

        var answer = await http.PostAsync(new Uri(site.Address, "/create"), form, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
