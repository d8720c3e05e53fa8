using System.Diagnostics;
using System.Globalization;
using Carillon.Deliveries;
using Polls.Tests.Site;

namespace Polls.Tests.Killing;

/// <summary>
/// Polls are created over HTTP while their site is killed again and again. What was committed has every effect at least once; what was rolled back
/// has none; nothing is left over.
/// </summary>
public sealed class ProofByKillingTests(ITestOutputHelper output)
{
    private const int Kills = 30;

    // Of so many lives one ends before the site is ready: whatever a start does must survive a kill too.
    private const int KilledWhileStartingOneIn = 5;

    // The others end after at most so many answers, and a moment, so that the kill does not always follow an answer.
    private const int MostAnswers = 40;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task Every_committed_poll_has_its_effects_and_no_other_has_any_however_often_the_site_is_killed()
    {
        var seed = Environment.GetEnvironmentVariable("POLLS_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"seed: {seed} (repeat with POLLS_SEED={seed})");
        var random = new Random(seed);
        var start = TimeProvider.System.GetTimestamp();

        using var folder = new TemporaryFolder();
        await using var receiver = await ApiReceiver.StartAsync();
        await using (var traffic = new PollTraffic(seed))
        {
            for (var kill = 1; kill <= Kills; kill++)
            {
                await LiveAndDieAsync(folder, receiver, traffic, random);
            }

            await DrainAsync(folder, receiver, traffic);
            var aftermath = await Aftermath.ReadAsync(folder);
            Report(aftermath, receiver, traffic, TimeProvider.System.GetElapsedTime(start));
            Check(aftermath, receiver, traffic);
        }
    }

    private static async Task LiveAndDieAsync(TemporaryFolder folder, ApiReceiver receiver, PollTraffic traffic, Random random)
    {
        await using var site = Start(folder, receiver);
        if (random.Next(KilledWhileStartingOneIn) == 0)
        {
            await PassAsync(LongestStart * random.NextDouble());
        }
        else
        {
            traffic.SiteIsAt(await site.ListensAsync());
            await traffic.AnsweredAsync(random.Next(1, MostAnswers));
            await PassAsync(LongestMoment * random.NextDouble());
        }

        // Killed first and told afterwards, so that the visitors are in the middle of something.
        await site.KillAsync();
        traffic.SiteIsGone();
    }

    /// <summary>One last life, in which the visitors go home and the site finishes what is open.</summary>
    private static async Task DrainAsync(TemporaryFolder folder, ApiReceiver receiver, PollTraffic traffic)
    {
        await using var site = Start(folder, receiver);
        var address = await site.ListensAsync();
        traffic.SiteIsAt(address);
        using var visitor = new Visitor { Site = address };
        await Until.TrueAsync(() => Task.FromResult(traffic.Refused > 0), "a poll that is refused");
        await traffic.StopAsync();
        await Until.TrueAsync(async () => (await visitor.DeliveriesAsync()).NothingIsOpen, "every delivery is settled");
        (await site.TerminateAsync()).ShouldBe(0);
    }

    private static SiteProcess Start(TemporaryFolder folder, ApiReceiver receiver) =>
        SiteProcess.Start(
            folder,
            ("Polls:ExternalApi", receiver.Url),
            ("Polls:LeaseSeconds", "1"),
            ("Polls:MaxAttempts", "100"),
            ("Polls:KeepCompleted", "01:00:00"));

    private static Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);

    private void Report(Aftermath aftermath, ApiReceiver receiver, PollTraffic traffic, TimeSpan elapsed)
    {
        var duplicates = receiver.Accepted.Values.Sum(count => count - 1);
        output.WriteLine(
            $"committed {aftermath.Polls.Count}, rolled back {traffic.Refused}, duplicates {duplicates}, kills {Kills}, seconds {elapsed.TotalSeconds:0}");
    }

    private static void Check(Aftermath aftermath, ApiReceiver receiver, PollTraffic traffic)
    {
        var committed = aftermath.Polls.Select(poll => poll.Id).ToHashSet();
        traffic.Surprises.ShouldBeEmpty();
        committed.Count.ShouldBeGreaterThan(Kills);
        traffic.Created.Except(committed).ShouldBeEmpty("A poll that the site said it had created is not there.");
        aftermath.Damage.ShouldBeEmpty();

        // What was rolled back has left nothing, in any place.
        aftermath.Polls.Select(poll => poll.Question).Intersect(traffic.ToBeRefused).ShouldBeEmpty("A refused poll is there.");
        aftermath.Polls.ShouldAllBe(poll => poll.Options == 2);
        receiver.Accepted.Keys.Except(committed).ShouldBeEmpty("A poll that is not there was announced.");
        aftermath.PollsInSitemap.Except(committed).ShouldBeEmpty("A poll that is not there is in the sitemap.");
        aftermath.Deliveries.Select(delivery => delivery.EventId).Except(aftermath.PollsByEvent.Keys).ShouldBeEmpty("There is a delivery for an event that was rolled back.");

        // What was committed has every effect.
        committed.Except(receiver.Accepted.Keys).ShouldBeEmpty("A poll was not announced.");
        committed.Except(aftermath.PollsInSitemap).ShouldBeEmpty("A poll is not in the sitemap.");
        aftermath.CompletedFor("external-api").ShouldBe(committed, ignoreOrder: true);
        aftermath.CompletedFor("sitemap").ShouldBe(committed, ignoreOrder: true);

        // And nothing is left over.
        aftermath.Deliveries.Select(delivery => delivery.State).Distinct().ShouldBe([DeliveryState.Completed]);
    }
}
