using System.Net;
using Polls.Tests.Site;

namespace Polls.Tests.Pages;

public sealed class EventsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SiteProcess _process = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _process = SiteProcess.Start(_folder, ("Polls:MaxAttempts", "2"));
        _visitor = new Visitor { Site = await _process.ListensAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_poll_has_one_delivery_for_each_durable_listener_and_both_complete()
    {
        await _visitor.CreatePollAsync("How many?", 1, "One", "Two");

        var shown = await SeenAsync(shown => shown.Counts["completed"] == 2, "two completed deliveries");

        shown.Counts["all"].ShouldBe(2);
        shown.Rows.Select(row => (row.Event, row.Listener, row.State, row.Attempts)).ShouldBe(
            [("poll.created", "sitemap", "Completed", 1), ("poll.created", "external-api", "Completed", 1)], ignoreOrder: true);
        (await _visitor.GetAsync("/external-api")).Body.ShouldContain("How many?");
    }

    [Fact]
    public async Task While_the_external_api_fails_its_delivery_waits_for_the_next_attempt_and_completes_when_it_works_again()
    {
        await _visitor.SetExternalApiAsync("Fails");
        await _visitor.CreatePollAsync("Is it down?", 1, "Yes", "No");

        var waiting = await SeenAsync(shown => shown.Counts["scheduled"] == 1, "a delivery that waits for its next attempt");
        await _visitor.SetExternalApiAsync("Works");
        var completed = await SeenAsync(shown => shown.Counts["completed"] == 2, "both deliveries completed");

        waiting.Rows.Single(row => row.State == "Scheduled").Error.ShouldContain("503");
        completed.Rows.Single(row => row.Listener == "external-api").Attempts.ShouldBe(2);
        completed.Rows.Single(row => row.Listener == "sitemap").Attempts.ShouldBe(1);
        (await _visitor.GetAsync("/external-api")).Body.ShouldContain("1 notification was refused");
    }

    [Fact]
    public async Task A_failed_delivery_shows_its_reason_and_can_be_retried()
    {
        var failed = await FailAsync();
        failed.Error.ShouldContain("503");
        failed.Attempts.ShouldBe(2);

        await _visitor.SetExternalApiAsync("Works");
        var answer = await _visitor.PostAsync("/events?handler=Retry&state=failed", ("id", $"{failed.Id}"));

        answer.Status.ShouldBe(HttpStatusCode.Redirect);
        await SeenAsync(shown => shown.Counts["completed"] == 2, "both deliveries completed");
    }

    [Fact]
    public async Task A_failed_delivery_can_be_discarded_and_a_discarded_one_retried()
    {
        var failed = await FailAsync();

        await _visitor.PostAsync("/events?handler=Discard", ("id", $"{failed.Id}"));
        (await _visitor.DeliveriesAsync("discarded")).Rows.ShouldHaveSingleItem().Id.ShouldBe(failed.Id);

        await _visitor.SetExternalApiAsync("Works");
        await _visitor.PostAsync("/events?handler=Retry", ("id", $"{failed.Id}"));
        await SeenAsync(shown => shown.Counts["completed"] == 2, "both deliveries completed");
    }

    [Fact]
    public async Task A_button_pressed_too_late_changes_nothing_and_says_so()
    {
        await _visitor.CreatePollAsync("Too late?", 1, "Yes", "No");
        var shown = await SeenAsync(shown => shown.Counts["completed"] == 2, "two completed deliveries");

        var answer = await _visitor.PostAsync("/events?handler=Discard", ("id", $"{shown.Rows[0].Id}"));

        (await _visitor.GetAsync(answer.Location!)).Body.ShouldContain("has moved on in the meantime. Nothing was changed.");
        (await _visitor.DeliveriesAsync()).Counts["completed"].ShouldBe(2);
    }

    [Fact]
    public async Task The_table_can_be_narrowed_to_one_state()
    {
        await FailAsync();

        (await _visitor.DeliveriesAsync("failed")).Rows.Select(row => row.Listener).ShouldBe(["external-api"]);
        (await _visitor.DeliveriesAsync("completed")).Rows.Select(row => row.Listener).ShouldBe(["sitemap"]);
        (await _visitor.DeliveriesAsync("parked")).Rows.ShouldBeEmpty();
    }

    private async Task<DeliveryShown> FailAsync()
    {
        await _visitor.SetExternalApiAsync("Fails");
        await _visitor.CreatePollAsync("Will it fail?", 1, "Yes", "No");
        var shown = await SeenAsync(
            shown => shown.Counts["failed"] == 1 && shown.Counts["completed"] == 1, "a failed delivery beside a completed one");
        return shown.Rows.Single(row => row.State == "Failed");
    }

    private Task<DeliveriesShown> SeenAsync(Func<DeliveriesShown, bool> wanted, string what) =>
        Until.SeenAsync(async () => await _visitor.DeliveriesAsync() is var shown && wanted(shown) ? shown : null, what);
}
