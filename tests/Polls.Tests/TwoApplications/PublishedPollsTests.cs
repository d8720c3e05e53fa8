using System.Net;
using Polls.Tests.Site;

namespace Polls.Tests.TwoApplications;

/// <summary>Polls and Notifications, two processes, and a real broker between them.</summary>
public sealed class PublishedPollsTests : IDisposable
{
    private readonly TemporaryFolder _polls = new();
    private readonly TemporaryFolder _notifications = new();
    private readonly List<Guid> _created = [];

    public void Dispose()
    {
        _polls.Dispose();
        _notifications.Dispose();
    }

    [Fact] // C1, C2, C4: the poll that was created while nobody received is mailed as well, each once
    public async Task Every_poll_is_mailed_by_the_other_application_though_that_was_killed_and_away_meanwhile()
    {
        await using var site = StartPolls();
        using var visitor = new Visitor { Site = await site.ListensAsync() };
        await using (var first = StartNotifications())
        {
            await ReadyAsync(await first.ListensAsync());
            await CreateAsync(visitor, 10);
            await MailsAsync(1);
            await first.KillAsync();
        }

        await CreateAsync(visitor, 10);
        await using var second = StartNotifications();
        await ReadyAsync(await second.ListensAsync());
        await CreateAsync(visitor, 1);

        await MailsAsync(21);
        (await second.TerminateAsync()).ShouldBe(0);
        Mailed().ShouldBe(_created, ignoreOrder: true);
    }

    [Fact] // C5
    public async Task A_worker_says_in_one_line_what_it_receives_and_that_it_is_live_and_ready()
    {
        await using var worker = StartNotifications();
        var address = await worker.ListensAsync();

        await ReadyAsync(address);

        using var http = new HttpClient { BaseAddress = address };
        (await http.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync(() => Task.FromResult(worker.Log.Contains("poll.# as 'notifications', up to", StringComparison.Ordinal)), "the line of all subscriptions");
    }

    [Fact] // C5
    public async Task A_worker_that_cannot_reach_its_broker_ends_with_69_and_says_so_without_the_password()
    {
        await using var worker = SiteProcess.StartNotifications(_notifications, ("Notifications:Broker", "amqp://worker:s3cret@127.0.0.1:1"));

        (await worker.EndsAsync()).ShouldBe(69);
        worker.Log.ShouldContain("127.0.0.1:1");
        worker.Log.ShouldNotContain("s3cret");
    }

    private SiteProcess StartPolls() => SiteProcess.Start(_polls, ("Polls:Broker", Broker.Address));

    private SiteProcess StartNotifications() => SiteProcess.StartNotifications(_notifications, ("Notifications:Broker", Broker.Address));

    private async Task CreateAsync(Visitor visitor, int count)
    {
        for (; count > 0; count--)
        {
            var answer = await visitor.CreatePollAsync($"Poll {count}?", 1, "Yes", "No");
            answer.Status.ShouldBe(HttpStatusCode.Redirect);
            _created.Add(answer.PollId);
        }
    }

    private static async Task ReadyAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        await Until.TrueAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode, "the worker is ready");
    }

    private Task MailsAsync(int atLeast) => Until.TrueAsync(() => Task.FromResult(Mailed().Count >= atLeast), $"{atLeast} mails");

    // The subscription outlives its receivers: what other tests have published while nobody received comes as well.
    private List<Guid> Mailed() => Directory.Exists(_notifications.Of("mails"))
        ? [.. Directory.EnumerateFiles(_notifications.Of("mails"), "*.txt").Select(mail => Guid.Parse(File.ReadAllText(mail)[^36..])).Where(_created.Contains)]
        : [];
}
