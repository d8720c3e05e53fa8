namespace Polls.Tests.Site;

public sealed class SiteProcessTests
{
    [Fact]
    public async Task A_site_that_is_told_to_stop_ends_cleanly_and_keeps_what_it_was_told()
    {
        using var folder = new TemporaryFolder();
        await using (var first = SiteProcess.Start(folder))
        {
            using var visitor = new Visitor { Site = await first.ListensAsync() };
            await visitor.SetExternalApiAsync("Fails");
            await visitor.CreatePollAsync("Before the stop?", 1, "Yes", "No");
            (await first.TerminateAsync()).ShouldBe(0);
        }

        await using var second = SiteProcess.Start(folder);
        using var returning = new Visitor { Site = await second.ListensAsync() };
        (await returning.GetAsync("/")).Body.ShouldContain("Before the stop?");
        await Until.TrueAsync(async () => (await returning.DeliveriesAsync()).Counts["completed"] == 2, "what was left is completed");
    }
}
